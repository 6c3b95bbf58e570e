#pragma once
// Spending of one-time passwords and recovery codes: each works once, guessing is bounded.
#include "base/task.h"
#include "domain/principal.h"
#include "registry/registry.h"

#include <string>

namespace kontor {

// Whether logins and protected operations of this user ask for a second factor.
bool two_factor_on(const User& user);

// Whether the password just accepted may serve the same credential again while it is valid. npm
// sends one password with all requests of a command (unpublish is a PUT and a DELETE).
enum class OtpReuse { never, same_credential };

// Accepts `otp` for a user with a second factor, or fails: otp_required where it is empty,
// otp_invalid where it is wrong or used, rate_limited after repeated failures of this user. `by`
// names the credential. What was accepted is durably spent when the task has succeeded.
Task<> spend_one_time_password(Registry& registry, UserId user, std::string otp, std::string by,
                               OtpReuse reuse);

// The name by which a caller's credential is remembered in User::totp_last_by.
std::string credential_label(const Principal& who);

// What is stored of a recovery code; spelling of case, blanks and dashes does not matter.
Sha256 recovery_code_digest(std::string_view code);

}  // namespace kontor
