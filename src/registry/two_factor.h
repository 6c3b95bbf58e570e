#pragma once
// Enrolment of the second factor (row AUTH-09): start with the password, confirm with a code, take
// the recovery codes; change of mode; end.
#include "registry/audit.h"
#include "registry/registry.h"

#include <string>
#include <vector>

namespace kontor {

struct TwoFactorStart {
  std::string password;
  TwoFactorMode mode = TwoFactorMode::auth_and_writes;  // not `off`
  std::string issuer;  // shown by the authenticator app, e.g. the registry's host
};

struct TwoFactorStarted {
  User user;
  std::string otpauth_url;  // empty: two-factor was on already, only the mode changed
};

// Makes a secret that waits to be confirmed (an older unconfirmed one is replaced), or changes the
// mode where two-factor is on. The second factor itself was asked for by the gateway.
Task<TwoFactorStarted> start_two_factor(Registry& registry, Actor actor, TwoFactorStart start);

// Turns two-factor on by a code of the waiting secret. Yields the recovery codes, which are stored
// as digests only and shown this once. otp_invalid where the code is wrong, bad_request where
// nothing waits.
Task<std::vector<std::string>> confirm_two_factor(Registry& registry, Actor actor,
                                                  std::string code);

// Ends two-factor, or drops a secret that was never confirmed.
Task<User> stop_two_factor(Registry& registry, Actor actor, std::string password);

// Forgets all of the second factor; the caller saves the row.
void clear_two_factor(User& user);

}  // namespace kontor
