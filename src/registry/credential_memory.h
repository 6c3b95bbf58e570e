#pragma once
// What one loop remembers of credentials it has seen: passwords verified a moment ago, so that a
// client with Basic on every request does not cost a slow hash each time; tokens as the store has
// them, by a keyed hash that is quicker than the one they are stored by; and token uses that wait
// to be written. Lost on restart; bounded; holds no secret in a form that leaves it.
#include "base/digest.h"
#include "base/time.h"
#include "ports/account_store.h"
#include "ports/entropy.h"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace kontor {

// Thread: belongs to one loop.
class CredentialMemory {
 public:
  explicit CredentialMemory(Entropy& entropy);
  CredentialMemory(const CredentialMemory&) = delete;
  CredentialMemory& operator=(const CredentialMemory&) = delete;

  // Whether this password of this very revision of the user was verified in the last minutes.
  bool knows_password(const User& user, const std::string& password, Timestamp now) const;
  void remember_password(const User& user, const std::string& password, Timestamp now);

  // A token as the store had it under this stamp of the accounts; null where it is not known. Valid
  // until the next call of remember_token().
  TokenOwner* known_token(std::string_view text, std::optional<std::uint64_t> stamp);
  void remember_token(std::string_view text, TokenOwner found, std::optional<std::uint64_t> stamp);

  // Notes a use, also in `token`; at most one a minute and token is kept.
  void token_used(TokenRecord& token, Timestamp now);
  // Uses noted since the last call.
  std::vector<std::pair<std::string, Timestamp>> take_token_uses();

 private:
  struct Verified {
    UserId user;
    std::uint64_t revision = 0;
    Timestamp until;
  };
  struct KnownToken {
    TokenOwner found;
    std::uint64_t stamp = 0;
  };
  // 128 bits of SipHash under keys that nobody outside knows: who has not the token cannot meet its
  // hash but by luck.
  struct TokenHash {
    std::uint64_t first = 0, second = 0;
    bool operator==(const TokenHash&) const = default;
    struct Bucket {
      std::size_t operator()(const TokenHash& hash) const { return hash.first; }
    };
  };
  Sha256 key(const User& user, const std::string& password) const;
  TokenHash hash(std::string_view token) const;

  std::string salt_;
  std::array<std::uint64_t, 4> token_keys_;
  std::unordered_map<Sha256, Verified> verified_;
  std::unordered_map<TokenHash, KnownToken, TokenHash::Bucket> tokens_;
  std::unordered_map<std::string, Timestamp> uses_;
};

}  // namespace kontor
