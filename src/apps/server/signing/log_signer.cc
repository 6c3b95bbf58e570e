// The text form of a key: "PRIVATE+KEY+<name>+<id in hex>+<base64 of the type and the seed>".
#include "apps/server/signing/log_signer.h"

#include "tlog/checkpoint.h"
#include "tlog/decimal.h"
#include "tlog/lines.h"
#include "tlog/note.h"

#include <sodium.h>

namespace kontor::signing {
namespace {

constexpr ByteView kPrefix = "PRIVATE+KEY+", kRetired = "retired ";
constexpr std::size_t kMaxSigning = 4;                  // a line each under every checkpoint
constexpr std::size_t kMaxRetired = 128;                // all are in one packet and one document
constexpr std::uint64_t kLatest = 253'402'300'799'999;  // the end of the year 9999

std::unexpected<Error> broken(const std::string& file) {
  return fail(Code::unavailable,
              "The key file keys/" + file + " is damaged; restore it from a backup.");
}

// The name and the id, each with the '+' behind it: base64 may hold more of these, names none.
ByteView head_of(ByteView key) {
  const auto name = key.find('+');
  const auto id = name == key.npos ? key.npos : key.find('+', name + 1);
  return id == key.npos ? ByteView() : key.substr(0, id + 1);
}

std::string key_text(const tlog::NoteKey& key, ByteView seed) {
  const std::string vkey = tlog::print_vkey(key);
  return std::string(kPrefix) + std::string(head_of(vkey)) + to_base64("\x01" + Bytes(seed));
}

}  // namespace

Result<LogSigner::Key> LogSigner::make_key(const std::string& origin, Entropy& entropy) {
  Bytes seed = entropy.bytes(host::Ed25519Key::kSeedBytes);
  const auto digest = Digest<32, struct SeedTag>::from_bytes(seed);
  auto secret = std::make_unique<host::Ed25519Key>(digest->bytes);
  auto note = tlog::make_key(origin, tlog::SignatureType::ed25519, secret->public_key());
  if (!note) return fail(note);
  Key key{*note, key_text(*note, seed), std::move(secret)};
  sodium_memzero(seed.data(), seed.size());
  return key;
}

Result<LogSigner::Key> LogSigner::parse_key(ByteView line) {
  const auto rest = tlog::after(line, kPrefix);
  const ByteView head = rest ? head_of(*rest) : ByteView();
  if (head.empty()) return fail(Code::bad_request);
  const auto bytes = from_base64(rest->substr(head.size()));
  if (!bytes || bytes->size() != host::Ed25519Key::kSeedBytes + 1 || bytes->front() != 1)
    return fail(Code::bad_request);
  const auto seed = Digest<32, struct SeedTag>::from_bytes(ByteView(*bytes).substr(1));
  Key key{{}, Bytes(line), std::make_unique<host::Ed25519Key>(seed->bytes)};
  auto note = tlog::make_key(std::string(head.substr(0, head.find('+'))),
                             tlog::SignatureType::ed25519, key.secret->public_key());
  if (!note) return fail(note);
  key.note = std::move(*note);
  if (key_text(key.note, seed->view()) != line) return fail(Code::bad_request);
  return key;
}

Result<std::unique_ptr<LogSigner>> LogSigner::open(const KeyFolder& folder, LogId log,
                                                   const std::string& origin, Entropy& entropy) {
  std::unique_ptr<LogSigner> signer(new LogSigner(folder, log));
  const auto keys = folder.read(signer->file("key")), head = folder.read(signer->file("head"));
  if (!keys) return std::unexpected(keys.error());
  if (!head) return std::unexpected(head.error());
  if (*head && !*keys) return broken(signer->file("key"));
  if (*keys) {
    if (auto read = signer->read_keys(**keys); !read) return fail(read);
  } else {
    auto key = make_key(origin, entropy);
    if (!key) return fail(key);
    signer->keys_.push_back(std::move(*key));
    if (auto written = signer->write_keys(1, {}); !written) return fail(written);
  }
  if (*head)
    if (auto read = signer->read_head(**head); !read) return fail(read);
  return signer;
}

std::string LogSigner::file(std::string_view ending) const {
  return "log-" + std::string(to_string(log_)) + "." + std::string(ending);
}

Result<void> LogSigner::read_keys(ByteView text) {
  while (const auto line = tlog::take_line(text)) {
    if (const auto rest = tlog::after(*line, kRetired); rest && !keys_.empty()) {
      if (auto read = read_retired(*rest); !read) return read;
      continue;
    }
    auto key = retired_.empty() ? parse_key(*line) : fail(Code::bad_request);
    if (!key || (!keys_.empty() && key->note.name != keys_[0].note.name))
      return broken(file("key"));
    keys_.push_back(std::move(*key));
  }
  if (keys_.empty() || !text.empty()) return broken(file("key"));
  return {};
}

Result<void> LogSigner::read_retired(ByteView line) {
  const auto space = line.find(' ');
  const auto since = tlog::parse_decimal(line.substr(0, space), kLatest);
  auto key =
      space == line.npos ? fail(Code::bad_request) : tlog::parse_vkey(line.substr(space + 1));
  if (!since || !key) return broken(file("key"));
  retired_.push_back({std::move(*key), Timestamp{static_cast<std::int64_t>(*since)}});
  return {};
}

Result<void> LogSigner::read_head(ByteView text) {
  const auto checkpoint = tlog::parse_checkpoint(text);
  if (!checkpoint || checkpoint->origin != keys_[0].note.name) return broken(file("head"));
  head_ = checkpoint->head;
  return {};
}

Result<void> LogSigner::write_keys(std::size_t signing,
                                   const std::vector<RetiredLogKey>& retired) const {
  Bytes text;
  for (std::size_t i = 0; i < signing; ++i) text += keys_[i].text + "\n";
  for (const auto& [key, since] : retired)
    text += Bytes(kRetired) + std::to_string(since.ms) + " " + tlog::print_vkey(key) + "\n";
  auto written = folder_.write(file("key"), text);
  sodium_memzero(text.data(), text.size());
  return written;
}

Result<tlog::NoteKey> LogSigner::rotate(Entropy& entropy) {
  if (keys_.size() >= kMaxSigning)
    return fail(Code::too_large, std::to_string(keys_.size()) +
                                     " keys sign this log already; retire the old ones first.");
  auto key = make_key(keys_[0].note.name, entropy);
  if (!key) return fail(key);
  keys_.insert(keys_.begin(), std::move(*key));
  if (auto written = write_keys(keys_.size(), retired_); !written) {
    keys_.erase(keys_.begin());
    return fail(written);
  }
  return keys_[0].note;
}

Result<std::vector<RetiredLogKey>> LogSigner::retire(Timestamp now) {
  if (keys_.size() < 2)
    return fail(Code::conflict, "One key alone signs this log; make another one first.");
  if (retired_.size() + keys_.size() > kMaxRetired)
    return fail(Code::too_large, "There have been too many keys of this log.");
  std::vector<RetiredLogKey> ended;
  for (std::size_t i = 1; i < keys_.size(); ++i) ended.push_back({keys_[i].note, now});
  auto retired = ended;
  retired.insert(retired.end(), retired_.begin(), retired_.end());
  if (auto written = write_keys(1, retired); !written) return fail(written);
  keys_.erase(keys_.begin() + 1, keys_.end());
  retired_ = std::move(retired);
  return ended;
}

std::vector<tlog::NoteKey> LogSigner::keys() const {
  std::vector<tlog::NoteKey> keys;
  for (const Key& key : keys_) keys.push_back(key.note);
  return keys;
}

Result<Bytes> LogSigner::sign(const tlog::Head& head, const tlog::Proof& proof) {
  if (head.size == 0 && head.root != tlog::empty_root()) return fail(Code::invalid_proof);
  if (head_)
    if (auto extends = tlog::verify_consistency(proof, *head_, head); !extends)
      return fail(extends);
  tlog::Note note;
  note.text = tlog::print_checkpoint({keys_[0].note.name, head, {}});
  if (head_ != head) {
    if (auto written = folder_.write(file("head"), note.text); !written) return fail(written);
    head_ = head;
  }
  for (const Key& key : keys_)
    note.signatures.push_back(tlog::make_signature(key.note, key.secret->sign(note.text)));
  return tlog::print_note(note);
}

}  // namespace kontor::signing
