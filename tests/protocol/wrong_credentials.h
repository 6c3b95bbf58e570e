#pragma once
// Every kind of wrong credential, and what a route of each access level answers to it. Row AUTH-13.
#include "http/route.h"
#include "tests/support/npm_world.h"

#include <functional>
#include <string>

namespace kontor::test {

inline bool needs_somebody(http::Access access) {
  return access != http::Access::open && access != http::Access::read;
}
inline bool writes(http::Access access) {
  return access == http::Access::write || access == http::Access::full;
}

struct WrongCredential {
  const char* name;
  // The authorization header of a user of the world.
  std::function<std::string(NpmWorld&, const std::string& user)> header;
  std::function<int(http::Access)> expected;  // the status; 0: not wrong for such a route
};

inline std::string issued(NpmWorld& world, const std::string& user, TokenWish wish) {
  return "Bearer " + world.add_token(user, "secret of " + user, std::move(wish));
}

inline const WrongCredential kWrongCredentials[] = {
    {"none", [](NpmWorld&, const std::string&) { return std::string(); },
     [](http::Access access) { return needs_somebody(access) ? 401 : 0; }},
    {"unknown", [](NpmWorld&, const std::string&) { return std::string("Bearer npm_x"); },
     [](http::Access access) { return access == http::Access::open ? 0 : 401; }},
    {"elsewhere",
     [](NpmWorld& w, const std::string& user) {
       return issued(w, user, {.cidrs = {"203.0.113.0/24"}});
     },
     [](http::Access access) { return access == http::Access::open ? 0 : 403; }},
    {"read",
     [](NpmWorld& w, const std::string& user) {
       return issued(w, user, {.rights = TokenRights::read_only});
     },
     [](http::Access access) { return writes(access) || access == http::Access::admin ? 403 : 0; }},
    {"publish",
     [](NpmWorld& w, const std::string& user) {
       return issued(w, user, {.rights = TokenRights::publish});
     },
     [](http::Access access) {
       return access == http::Access::full || access == http::Access::admin ? 403 : 0;
     }},
};

}  // namespace kontor::test
