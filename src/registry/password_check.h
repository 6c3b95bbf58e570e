#pragma once
// One place where passwords are checked: guarded against guessing, the same cost for every name.
#include "base/task.h"
#include "registry/registry.h"

#include <string>
#include <string_view>

namespace kontor {

// The action of rows of the audit trail that tell of logins which are refused from then on.
inline constexpr std::string_view kLoginBlocked = "login_blocked";

// The user whose password this is. Fails with invalid_password (unknown user too, after the same
// work) or with rate_limited after repeated failures from this address (row AUTH-14). The guard
// counts per address and per address with user, never per user alone: a stranger who fails on
// purpose cannot lock the owner out elsewhere.
Task<User> check_password(Registry& registry, std::string name, std::string password,
                          std::string address);

// The principal of a user whose password was checked.
Principal password_principal(const User& user, std::string address);

}  // namespace kontor
