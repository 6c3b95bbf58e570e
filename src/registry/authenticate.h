#pragma once
// From an Authorization header to a Principal, and the second factor.
#include "base/task.h"
#include "domain/principal.h"
#include "http/route.h"
#include "registry/registry.h"

#include <string>

namespace kontor {

// `authorization` is the header's value, empty for an anonymous caller. Bearer and NpmToken name a
// token or a session (registry/sessions.h), Basic a user and
// password (or a token as password). Fails with invalid_credential,
// invalid_password, address_not_allowed or rate_limited (row AUTH-14). Tokens are looked up by
// SHA-256 and never hashed slowly (row AUTH-02).
Task<Principal> authenticate(Registry& registry, std::string authorization, std::string address);

// The same for a token that this loop knows already and that is good for this request; nothing
// where that takes a query to know, or where the credential is another or refused.
std::optional<Principal> recall_principal(Registry& registry, std::string_view authorization,
                                          std::string_view address);

// What the route table asks of any caller, before a body is read: nothing where it is met.
std::optional<Error> admit(const Principal& who, http::Access access, const Policy& policy);

// Checks the one-time password where the caller's two-factor mode asks for one on this level of
// access: otp_required without it, otp_invalid where it is wrong or was used already.
Task<> second_factor(Registry& registry, Principal who, http::Access access, std::string otp);

}  // namespace kontor
