// Signed notes, signature lines and verifier keys: what is accepted prints the same, and
// verification believes nobody who is not trusted.
#include "base/check.h"
#include "tlog/note.h"

#include <cstdint>

namespace {

using kontor::check;

// Believes every signature, so that all that follows is reached.
class Believer final : public kontor::tlog::Ed25519 {
 public:
  bool verify(const kontor::tlog::PublicKey&, kontor::ByteView,
              const kontor::tlog::RawSignature&) const override {
    return true;
  }
};

void check_verification(const kontor::tlog::Note& note) {
  using kontor::tlog::SignatureType;
  std::vector<kontor::tlog::NoteKey> keys;
  check(!verify_note(note, keys, Believer()), "nobody is trusted, but somebody was believed");
  for (const auto& line : note.signatures) {
    const auto type = line.bytes.size() == 72 ? SignatureType::cosignature : SignatureType::ed25519;
    keys.push_back({line.name, type, {}, line.key_id});
  }
  const auto verified = verify_note(note, keys, Believer());
  if (!verified) return;
  check(!verified->empty() && verified->size() <= keys.size(), "the number of signers is off");
  for (const auto& by : *verified)
    check((keys[by.key].type == SignatureType::cosignature) == by.time.has_value(), "a time");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const kontor::ByteView text(reinterpret_cast<const char*>(data), size);
  if (const auto note = kontor::tlog::parse_note(text)) {
    check(print_note(*note) == text, "a note prints otherwise than it was read");
    check(note->text.ends_with('\n'), "a text has no end");
    check_verification(*note);
  }
  if (const auto lines = kontor::tlog::parse_signatures(text))
    check(kontor::tlog::print_signatures(*lines) == text, "signature lines print otherwise");
  if (const auto key = kontor::tlog::parse_vkey(text)) {
    check(print_vkey(*key) == text, "a key prints otherwise than it was read");
    check(kontor::tlog::make_key(key->name, key->type, key->public_key) == *key, "another id");
  }
  return 0;
}
