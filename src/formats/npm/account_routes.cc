// The table. Access::open on everything a client does to get a credential: clients send the stale
// one they still have with it, and that must not stand in the way of a new one.
#include "formats/npm/account_routes.h"

#include "formats/npm/account_handlers.h"

#include <array>

namespace kontor::npm {
namespace {

using http::Access;
using http::Method;
using Entry = RouteEntry<Service>;

constexpr std::array kRoutes = {
    // login
    Entry{{Method::put, "/-/user/:user", Access::open,
           "Logs in by name and password (org.couchdb.user:NAME); with an email, registers."},
          put_user},
    Entry{{Method::put, "/-/user/:user/-rev/:rev", Access::open,
           "The same, as older clients repeat it after a conflict."},
          put_user},
    Entry{{Method::get, "/-/user/:user", Access::account,
           "Name and email of a user (org.couchdb.user:NAME)."},
          get_user},
    Entry{{Method::post, "/-/v1/login", Access::open, "Starts a login through the browser."},
          start_web},
    Entry{{Method::get, "/-/v1/done/:poll", Access::open,
           "202 until the browser login is approved, then 200 with its token, once."},
          poll_web},
    Entry{{Method::get, "/-/login/:page", Access::open, "The page that approves a browser login."},
          show_login_page},
    Entry{{Method::post, "/-/login/:page", Access::open, "The form of that page."},
          submit_login_page},
    Entry{{Method::del, "/-/user/token/:token", Access::open,
           "Logs out: revokes the token whose text is given."},
          log_out_token},
    Entry{{Method::get, "/-/whoami", Access::account, "The name of the user who asks."}, whoami},
    // tokens
    Entry{{Method::get, "/-/npm/v1/tokens", Access::account, "Lists the caller's tokens."},
          list_tokens},
    Entry{{Method::post, "/-/npm/v1/tokens", Access::full,
           "Issues a token; needs the password of the account."},
          create_token},
    Entry{{Method::del, "/-/npm/v1/tokens/token/:key", Access::full,
           "Revokes a token named by its key or its text."},
          delete_token},
    // profile
    Entry{{Method::get, "/-/npm/v1/user", Access::account, "The caller's profile."}, get_profile},
    Entry{{Method::post, "/-/npm/v1/user", Access::full,
           "Changes profile, password or two-factor authentication."},
          post_profile},
};

}  // namespace

std::span<const RouteEntry<Service>> account_routes() {
  return kRoutes;
}

}  // namespace kontor::npm
