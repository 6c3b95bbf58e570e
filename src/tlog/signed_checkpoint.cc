// Which checkpoints are believed.
#include "tlog/signed_checkpoint.h"

#include <algorithm>

namespace kontor::tlog {
namespace {

Result<void> check_trust(const LogTrust& trust) {
  const auto signs = [](SignatureType type) {
    return [type](const NoteKey& key) { return key.type == type; };
  };
  if (!std::ranges::all_of(trust.log_keys, signs(SignatureType::ed25519)) ||
      !std::ranges::all_of(trust.witnesses, signs(SignatureType::cosignature)))
    return fail(Code::bad_request, "A log key has type 1 and a witness key type 4.");
  return {};
}

// Keys, not names: one key under two names is one witness.
std::size_t different_keys(const LogTrust& trust, std::span<const WitnessedAt> witnessed) {
  std::vector<PublicKey> keys;
  keys.reserve(witnessed.size());
  for (const WitnessedAt& by : witnessed) keys.push_back(trust.witnesses[by.witness].public_key);
  std::ranges::sort(keys);
  const auto repeated = std::ranges::unique(keys);
  return keys.size() - repeated.size();
}

}  // namespace

std::vector<NoteKey> LogTrust::keys() const {
  std::vector<NoteKey> all = log_keys;
  all.insert(all.end(), witnesses.begin(), witnesses.end());
  return all;
}

Result<SignedCheckpoint> judge_checkpoint(const Note& note, const LogTrust& trust,
                                          std::span<const VerifiedSignature> verified) {
  if (auto sound = check_trust(trust); !sound) return fail(sound);
  auto checkpoint = parse_checkpoint(note.text);
  if (!checkpoint) return fail(checkpoint);
  SignedCheckpoint result{*std::move(checkpoint), {}};
  const std::string& origin = result.checkpoint.origin;
  bool signed_by_log = false;
  for (const VerifiedSignature& by : verified) {
    if (by.key >= trust.log_keys.size())
      result.witnessed.push_back({by.key - trust.log_keys.size(), by.time.value_or(0)});
    else if (trust.log_keys[by.key].name == origin)
      signed_by_log = true;
  }
  if (!signed_by_log)
    return fail(Code::invalid_signature,
                "The checkpoint of " + origin + " is not signed by the trusted key of that log.");
  if (const auto count = different_keys(trust, result.witnessed); count < trust.quorum)
    return fail(Code::invalid_signature,
                "The checkpoint of " + origin + " has " + std::to_string(count) + " of the " +
                    std::to_string(trust.quorum) + " cosignatures that are needed.");
  return result;
}

Result<SignedCheckpoint> open_checkpoint(ByteView note, const LogTrust& trust,
                                         const Ed25519& ed25519) {
  const auto parsed = parse_note(note);
  if (!parsed) return std::unexpected(parsed.error());
  const auto verified = verify_note(*parsed, trust.keys(), ed25519);
  if (!verified) return std::unexpected(verified.error());
  return judge_checkpoint(*parsed, trust, *verified);
}

}  // namespace kontor::tlog
