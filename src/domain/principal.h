#pragma once
// Who asks, and by which credential. Made once a request by the authenticator; a pure value.
#include "domain/ids.h"

#include <optional>
#include <string>
#include <vector>

namespace kontor {

enum class Credential { none, password, token };

// What a token may do at most; a password may do everything its user may (row AUTH-03).
enum class TokenRights { read_only, publish, full };

// Which requests of a user need a one-time password.
enum class TwoFactorMode { off, auth_only, auth_and_writes };

// What the store said of the user when the credential was looked up.
struct PrincipalFacts {
  std::string email;
  TwoFactorMode two_factor = TwoFactorMode::off;  // as it is in force
};

struct Principal {
  Credential credential = Credential::none;
  std::optional<UserId> user;  // nothing: anonymous
  std::string name;            // user name
  bool is_admin = false;
  TokenRights rights = TokenRights::full;
  std::string token_key;                // public id of the token, for the audit trail
  std::vector<std::string> packages;    // patterns the token is limited to; empty: no limit
  bool bypass_two_factor = false;       // automation token: writes need no one-time password
  std::string address;                  // the client's address, for the audit trail
  std::optional<PrincipalFacts> facts;  // nothing: the user was not looked up

  bool anonymous() const { return !user; }
};

// `pattern` is a full name, "@scope/*", "prefix*" or "*".
bool matches_package_pattern(const std::string& pattern, const std::string& name);

}  // namespace kontor
