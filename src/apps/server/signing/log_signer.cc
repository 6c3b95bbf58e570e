// The text form of a key: "PRIVATE+KEY+<name>+<id in hex>+<base64 of the type and the seed>".
#include "apps/server/signing/log_signer.h"

#include "tlog/checkpoint.h"
#include "tlog/lines.h"
#include "tlog/note.h"

#include <sodium.h>

namespace kontor::signing {
namespace {

constexpr ByteView kPrefix = "PRIVATE+KEY+";

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
    if (auto written = signer->write_keys(); !written) return fail(written);
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
    auto key = parse_key(*line);
    if (!key || (!keys_.empty() && key->note.name != keys_[0].note.name))
      return broken(file("key"));
    keys_.push_back(std::move(*key));
  }
  if (keys_.empty() || !text.empty()) return broken(file("key"));
  return {};
}

Result<void> LogSigner::read_head(ByteView text) {
  const auto checkpoint = tlog::parse_checkpoint(text);
  if (!checkpoint || checkpoint->origin != keys_[0].note.name) return broken(file("head"));
  head_ = checkpoint->head;
  return {};
}

Result<void> LogSigner::write_keys() const {
  Bytes text;
  for (const Key& key : keys_) text += key.text + "\n";
  auto written = folder_.write(file("key"), text);
  sodium_memzero(text.data(), text.size());
  return written;
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
