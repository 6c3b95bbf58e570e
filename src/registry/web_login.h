#pragma once
// Login through the browser: a client starts it, a person approves it on a page, the client's next
// poll gets a token. The token is made at that poll, so no secret waits in the store.
#include "registry/account_tokens.h"
#include "registry/accounts.h"

#include <string>

namespace kontor {

// Both are secrets of 190 bits that go into URLs; stores keep their SHA-256.
struct StartedWebLogin {
  std::string poll;  // for the client: who has it gets the token
  std::string page;  // for the person: who has it and a password may approve
};

// Anybody may start one, so as many may wait to be approved or polled; expired ones do not count.
inline constexpr WebLoginLimits kWebLoginLimits{.per_client = 32, .in_all = 4096};

// Valid for settings.accounts.web_login_timeout. rate_limited, with the time until one of those in
// the way expires, where too many wait: of the client's address (row AUTH-14) or of all.
Task<StartedWebLogin> start_web_login(Registry& registry, std::string address);

// not_found where the page is unknown, expired or approved already.
Task<> find_web_login_page(Registry& registry, std::string page);

// Logs in as log_in() does and approves the page. Yields the user.
Task<User> approve_web_login(Registry& registry, std::string page, Login login, Actor actor);

// Nothing while nobody has approved. The first poll after that ends the login and gets the text of
// its token or session. not_found where it is unknown, expired or ended.
Task<std::optional<std::string>> poll_web_login(Registry& registry, std::string poll, Actor actor);

}  // namespace kontor
