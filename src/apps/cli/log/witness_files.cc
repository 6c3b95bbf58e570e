// The key's text is Go's: "PRIVATE+KEY+<name>+<id>+<base64 of type and seed>".
#include "apps/cli/log/witness_files.h"

#include "adapters/system/system_entropy.h"
#include "apps/cli/log/pin.h"
#include "base/sha256.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>

namespace kontor::cli {
namespace {

constexpr std::string_view kPrefix = "PRIVATE+KEY+";
constexpr char kType = static_cast<char>(tlog::SignatureType::cosignature);

std::string hex_id(std::uint32_t id) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(id >> shift & 0xff);
  return to_hex(bytes);
}

std::unexpected<Error> no_key() {
  return fail(Code::bad_request, "The witness's key file is damaged; restore it from a copy.");
}

}  // namespace

Result<std::unique_ptr<WitnessKey>> WitnessKey::parse(std::string_view text) {
  while (text.ends_with('\n')) text.remove_suffix(1);
  if (!text.starts_with(kPrefix)) return no_key();
  text.remove_prefix(kPrefix.size());
  const auto name_end = text.find('+');
  const auto id_end = name_end == text.npos ? text.npos : text.find('+', name_end + 1);
  if (id_end == text.npos) return no_key();
  const auto secret = from_base64(text.substr(id_end + 1));
  Seed seed{};
  if (!secret || secret->size() != seed.size() + 1 || secret->front() != kType) return no_key();
  std::copy(secret->begin() + 1, secret->end(), seed.begin());
  auto key = tlog::make_key(std::string(text.substr(0, name_end)), tlog::SignatureType::cosignature,
                            host::Ed25519Key(seed).public_key());
  if (!key || hex_id(key->id) != text.substr(name_end + 1, id_end - name_end - 1)) return no_key();
  return std::unique_ptr<WitnessKey>(new WitnessKey(*std::move(key), seed));
}

Result<std::string> WitnessKey::generate(const std::string& name) {
  if (name.empty())
    return fail(Code::bad_request,
                "This witness has no key yet: give it a name by --name, as in "
                "witness.example/w1.");
  Seed seed{};
  const Bytes random = host::SystemEntropy().bytes(seed.size());
  std::copy(random.begin(), random.end(), seed.begin());
  const auto key =
      tlog::make_key(name, tlog::SignatureType::cosignature, host::Ed25519Key(seed).public_key());
  if (!key) return std::unexpected(key.error());
  return std::string(kPrefix) + name + "+" + hex_id(key->id) + "+" + to_base64(kType + random) +
         "\n";
}

Result<std::unique_ptr<WitnessKey>> WitnessKey::open(const std::string& folder,
                                                     const std::string& name) {
  auto text = read_file(folder + "/key", 4096);
  if (!text && text.error().code == Code::not_found) {
    text = generate(name);
    if (!text) return fail(text);
    if (auto kept = replace_file(folder, "key", *text); !kept) return fail(kept);
  }
  if (!text) return fail(text);
  auto key = parse(*text);
  if (key && !name.empty() && (*key)->key_.name != name)
    return fail(Code::bad_request, "This witness has the name " + (*key)->key_.name +
                                       " and no other; leave --name out.");
  return key;
}

Result<std::unique_ptr<WitnessFolder>> WitnessFolder::open(const std::string& folder) {
  if (auto made = make_folders(folder); !made) return fail(made);
  fs::Fd lock(::open((folder + "/lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!lock) return fs::fail_errno(errno, folder + "/lock");
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0)
    return fail(Code::conflict, "Another witness works in " + folder + ".");
  return std::unique_ptr<WitnessFolder>(new WitnessFolder(folder, std::move(lock)));
}

Result<std::string> WitnessFolder::find(std::string_view digest) const {
  if (!Sha256::from_hex(digest)) return fail(Code::not_found);
  return read_file(folder_ + "/" + std::string(digest) + "/checkpoint", tlog::kMaxNoteBytes);
}

Result<tlog::Head> WitnessFolder::read(const std::string& origin) {
  const auto text = find(sha256(origin).hex());
  if (!text && text.error().code == Code::not_found) return tlog::Head{0, tlog::empty_root()};
  if (!text) return std::unexpected(text.error());
  const auto note = tlog::parse_note(*text);
  const auto known = note ? tlog::parse_checkpoint(note->text) : std::unexpected(note.error());
  if (!known || known->origin != origin)
    return fail(Code::storage_failed, "The witness's checkpoint of " + origin + " is damaged.");
  return known->head;
}

Result<void> WitnessFolder::store(const std::string& origin, const tlog::Head&,
                                  const std::string& note) {
  const std::string folder = folder_ + "/" + sha256(origin).hex();
  if (auto made = make_folders(folder); !made) return made;
  return replace_file(folder, "checkpoint", note);
}

}  // namespace kontor::cli
