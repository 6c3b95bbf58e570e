// Keys are salted per process: a dump of this memory is no dictionary of fast password hashes.
#include "registry/credential_memory.h"

#include "base/sha256.h"
#include "base/siphash.h"

#include <cstring>

namespace kontor {
namespace {

constexpr std::size_t kSaltBytes = 32;
constexpr std::size_t kMaxVerified = 1024;
constexpr std::size_t kMaxTokens = 4096;
constexpr std::size_t kMaxUses = 4096;
constexpr Duration kVerifiedFor = minutes(5);
constexpr Duration kUsePrecision = minutes(1);

}  // namespace

CredentialMemory::CredentialMemory(Entropy& entropy) : salt_(entropy.bytes(kSaltBytes)) {
  const Bytes keys = entropy.bytes(sizeof token_keys_);
  std::memcpy(token_keys_.data(), keys.data(), sizeof token_keys_);
}

Sha256 CredentialMemory::key(const User& user, const std::string& password) const {
  return sha256(salt_ + user.name + ":" + password);  // names hold no colon
}

bool CredentialMemory::knows_password(const User& user, const std::string& password,
                                      Timestamp now) const {
  const auto found = verified_.find(key(user, password));
  return found != verified_.end() && found->second.user == user.id &&
         found->second.revision == user.revision && now < found->second.until;
}

void CredentialMemory::remember_password(const User& user, const std::string& password,
                                         Timestamp now) {
  if (verified_.size() >= kMaxVerified)
    std::erase_if(verified_, [&](const auto& entry) { return entry.second.until <= now; });
  if (verified_.size() >= kMaxVerified) verified_.clear();
  verified_[key(user, password)] = {user.id, user.revision, now + kVerifiedFor};
}

CredentialMemory::TokenHash CredentialMemory::hash(std::string_view token) const {
  return {siphash(token, token_keys_[0], token_keys_[1]),
          siphash(token, token_keys_[2], token_keys_[3])};
}

TokenOwner* CredentialMemory::known_token(std::string_view text,
                                          std::optional<std::uint64_t> stamp) {
  const auto it = tokens_.find(hash(text));
  return it != tokens_.end() && stamp == it->second.stamp ? &it->second.found : nullptr;
}

void CredentialMemory::remember_token(std::string_view text, TokenOwner found,
                                      std::optional<std::uint64_t> stamp) {
  if (!stamp) return;
  if (tokens_.size() >= kMaxTokens) tokens_.clear();
  tokens_.insert_or_assign(hash(text), KnownToken{std::move(found), *stamp});
}

void CredentialMemory::token_used(TokenRecord& token, Timestamp now) {
  if (token.last_used && now < *token.last_used + kUsePrecision) return;
  if (uses_.size() >= kMaxUses) return;  // the next use is noted instead
  uses_.try_emplace(token.key, now);
  token.last_used = now;
}

std::vector<std::pair<std::string, Timestamp>> CredentialMemory::take_token_uses() {
  std::vector<std::pair<std::string, Timestamp>> out(uses_.begin(), uses_.end());
  uses_.clear();
  return out;
}

}  // namespace kontor
