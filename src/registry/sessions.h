#pragma once
// Logins as signed sessions (auth.type jwt, row AUTH-05): a JSON Web Token that no store keeps, and
// the list of those that ended before their time.
#include "base/task.h"
#include "domain/principal.h"
#include "registry/actor.h"
#include "registry/registry.h"

#include <string>

namespace kontor {

// Whether logins yield sessions. Where not, none is accepted either.
bool sessions_on(const AccountSettings& settings);

// The text of a session of a user who has just proved who they are: full rights, for
// settings.accounts.session_life.
Task<std::string> open_session(Registry& registry, User user, Actor actor);

// Who sends this text. invalid_credential where it was not signed here, has expired or was revoked:
// by log_out(), by a change of the password, or with the account. Costs no slow hash and one
// look-up.
Task<Principal> session_principal(Registry& registry, std::string text, std::string address);

// Ends a session. Succeeds where the text is none that is in force.
Task<> close_session(Registry& registry, Actor actor, std::string text);

}  // namespace kontor
