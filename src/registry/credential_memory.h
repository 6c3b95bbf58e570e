#pragma once
// What one loop remembers of credentials it has seen: passwords verified a moment ago, so that a
// client with Basic on every request does not cost a slow hash each time; tokens as the store has
// them, by their digests; and token uses that wait to be written. Lost on restart; bounded; holds
// no secret in a form that leaves it.
#include "base/digest.h"
#include "base/time.h"
#include "ports/account_store.h"
#include "ports/entropy.h"

#include <optional>
#include <string>
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
  TokenOwner* known_token(const Sha256& secret, std::optional<std::uint64_t> stamp);
  void remember_token(const Sha256& secret, TokenOwner found, std::optional<std::uint64_t> stamp);

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
  Sha256 key(const User& user, const std::string& password) const;

  std::string salt_;
  std::unordered_map<Sha256, Verified> verified_;
  std::unordered_map<Sha256, KnownToken> tokens_;
  std::unordered_map<std::string, Timestamp> uses_;
};

}  // namespace kontor
