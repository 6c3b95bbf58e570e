// Verification of signed notes.
#include "base/block_hash.h"
#include "tlog/note.h"

#include <algorithm>

namespace kontor::tlog {
namespace {

std::unexpected<Error> wrong_signature(const NoteKey& key) {
  return fail(Code::invalid_signature,
              "The signature of " + key.name + " does not fit the text it is said to sign.");
}

// Nothing where the signature's bytes cannot be one of this key's type.
std::optional<SignatureCheck> check_of(ByteView text, const NoteKey& key, ByteView bytes) {
  SignatureCheck check;
  if (key.type == SignatureType::cosignature) {
    if (bytes.size() != 8 + 64) return std::nullopt;
    const auto* time = reinterpret_cast<const unsigned char*>(bytes.data());
    check.time = load_big_endian<std::uint64_t>(time);
    if (*check.time > kMaxTime) return std::nullopt;
    bytes.remove_prefix(8);
    check.message = cosigned_bytes(text, *check.time);
  } else {
    check.message = text;
  }
  const auto signature = RawSignature::from_bytes(bytes);
  if (!signature) return std::nullopt;
  check.signature = *signature;
  return check;
}

}  // namespace

Result<std::vector<SignatureCheck>> checks_of(const Note& note, std::span<const NoteKey> keys) {
  std::vector<SignatureCheck> checks;
  std::vector<bool> seen(keys.size());
  for (const NoteSignature& line : note.signatures) {
    const auto key = std::ranges::find_if(keys, [&](const NoteKey& known) {
      return known.name == line.name && known.id == line.key_id;
    });
    if (key == keys.end()) continue;
    const auto place = static_cast<std::size_t>(key - keys.begin());
    if (seen[place]) continue;
    seen[place] = true;
    auto check = check_of(note.text, *key, line.bytes);
    if (!check) return wrong_signature(*key);
    check->key = place;
    checks.push_back(*std::move(check));
  }
  if (checks.empty())
    return fail(Code::invalid_signature, "None of the trusted keys has signed this note.");
  return checks;
}

Result<std::vector<VerifiedSignature>> verify_note(const Note& note, std::span<const NoteKey> keys,
                                                   const Ed25519& ed25519) {
  const auto checks = checks_of(note, keys);
  if (!checks) return std::unexpected(checks.error());
  std::vector<VerifiedSignature> verified;
  verified.reserve(checks->size());
  for (const SignatureCheck& check : *checks) {
    const NoteKey& key = keys[check.key];
    if (!ed25519.verify(key.public_key, check.message, check.signature))
      return wrong_signature(key);
    verified.push_back({check.key, check.time});
  }
  return verified;
}

}  // namespace kontor::tlog
