// Reads the Authorization header and finds the user behind it.
#include "registry/authenticate.h"

#include "base/encoding.h"
#include "base/sha256.h"
#include "domain/cidr.h"
#include "domain/jwt.h"
#include "domain/token_text.h"
#include "domain/user_name.h"
#include "registry/credential_memory.h"
#include "registry/password_check.h"
#include "registry/sessions.h"

#include <algorithm>

namespace kontor {
namespace {

struct BasicPair {
  std::string name;
  std::string password;
};

// "scheme rest", without the white space around both.
std::pair<std::string_view, std::string_view> split_scheme(std::string_view header) {
  const auto trim = [](std::string_view text) {
    while (text.starts_with(' ')) text.remove_prefix(1);
    while (text.ends_with(' ')) text.remove_suffix(1);
    return text;
  };
  header = trim(header);
  const auto end = std::min(header.find(' '), header.size());
  return {header.substr(0, end), trim(header.substr(end))};
}

// User names hold no colon, passwords may. Padding may be missing: people write these by hand.
std::optional<BasicPair> parse_basic(std::string_view text) {
  std::string padded(text);
  while (padded.size() % 4) padded += '=';
  const auto plain = from_base64(padded);
  if (!plain || !is_utf8(*plain)) return std::nullopt;
  const auto colon = plain->find(':');
  if (colon == plain->npos) return std::nullopt;
  return BasicPair{plain->substr(0, colon), plain->substr(colon + 1)};
}

bool address_in(const std::vector<std::string>& cidrs, std::string_view address) {
  const auto ip = IpAddress::parse(address);
  return ip && std::ranges::any_of(cidrs, [&](const std::string& text) {
           const auto block = Cidr::parse(text);
           return block && block->contains(*ip);
         });
}

std::unexpected<Error> refuse(Registry& registry, Code code, std::string_view reason,
                              std::string detail = {}) {
  registry.observer.auth_failed(reason);
  return fail(code, std::move(detail));
}

bool has_expired(const TokenRecord& token, Timestamp now) {
  return token.expires && *token.expires <= now;
}

bool is_elsewhere(const TokenRecord& token, std::string_view address) {
  return !token.cidrs.empty() && !address_in(token.cidrs, address);
}

Principal token_principal(const TokenOwner& found, std::string_view address) {
  const auto& token = found.token;
  Principal who = password_principal(found.user, std::string(address));
  who.credential = Credential::token;
  who.rights = token.rights;
  who.token_key = token.key;
  who.packages = token.packages;
  who.bypass_two_factor = token.bypass_two_factor;
  return who;
}

// Unknown tokens are not counted by the guard: 178 random bits cannot be guessed, and one stale
// token in a build server would lock out everybody behind its address.
Task<Principal> by_token(Registry& registry, std::string text, std::string address) {
  if (!is_token_text(text)) co_return refuse(registry, Code::invalid_credential, "malformed");
  const Sha256 secret = sha256(text);
  const auto stamp = registry.accounts.stamp();
  auto found = co_await registry.accounts.find_token(secret);
  if (!found) co_return refuse(registry, Code::invalid_credential, "unknown");
  const auto now = registry.clock.now();
  if (has_expired(found->token, now))
    co_return refuse(registry, Code::invalid_credential, "expired",
                     "The token has expired; log in again.");
  if (is_elsewhere(found->token, address))
    co_return refuse(registry, Code::address_not_allowed, "address");
  registry.credentials.token_used(found->token, now);
  Principal who = token_principal(*found, address);
  registry.credentials.remember_token(text, std::move(*found), stamp);
  co_return who;
}

bool names_token(std::string_view scheme) {
  return equal_ignoring_case(scheme, "bearer") || equal_ignoring_case(scheme, "npmtoken");
}

// What stands behind Bearer: a token, or a session where logins are such.
Task<Principal> by_bearer(Registry& registry, std::string text, std::string address) {
  const auto settings = registry.settings;
  if (sessions_on(settings->accounts) && looks_like_jwt(text))
    return session_principal(registry, std::move(text), std::move(address));
  return by_token(registry, std::move(text), std::move(address));
}

Task<Principal> by_password(Registry& registry, BasicPair pair, std::string address) {
  const auto now = registry.clock.now();
  if (is_user_name(pair.name)) {
    const auto user = co_await registry.accounts.find_user(pair.name);
    if (user && registry.credentials.knows_password(*user, pair.password, now))
      co_return password_principal(*user, std::move(address));
  }
  const User user = co_await check_password(registry, pair.name, pair.password, address);
  registry.credentials.remember_password(user, pair.password, now);
  co_return password_principal(user, std::move(address));
}

Task<Principal> by_basic(Registry& registry, std::string encoded, std::string address) {
  auto pair = parse_basic(encoded);
  if (!pair) co_return refuse(registry, Code::invalid_credential, "malformed");
  if (is_token_text(pair->password))
    co_return co_await by_token(registry, std::move(pair->password), std::move(address));
  if (pair->password.empty() && is_token_text(pair->name))
    co_return co_await by_token(registry, std::move(pair->name), std::move(address));
  if (!registry.settings->accounts.accept_basic)
    co_return refuse(registry, Code::invalid_credential, "basic",
                     "Passwords are not accepted on requests here; run `npm login` for a token.");
  co_return co_await by_password(registry, std::move(*pair), std::move(address));
}

// A registry without authentication: a sandbox on one machine.
Task<Principal> as_everybody(Registry& registry, std::string name, std::string address) {
  const auto user = co_await registry.accounts.find_user(name);
  if (!user) co_return fail(Code::unavailable, {}, "no user " + name + " for auth.type none");
  co_return password_principal(*user, std::move(address));
}

}  // namespace

Task<Principal> authenticate(Registry& registry, std::string authorization, std::string address) {
  if (const auto& everybody = registry.settings->accounts.everybody; !everybody.empty())
    co_return co_await as_everybody(registry, everybody, std::move(address));
  const auto [scheme, value] = split_scheme(authorization);
  if (scheme.empty()) {
    Principal nobody;
    nobody.address = std::move(address);
    co_return nobody;
  }
  if (names_token(scheme))
    co_return co_await by_bearer(registry, std::string(value), std::move(address));
  if (equal_ignoring_case(scheme, "basic"))
    co_return co_await by_basic(registry, std::string(value), std::move(address));
  co_return refuse(registry, Code::invalid_credential, "scheme",
                   "Send the credential as `Bearer <token>` or `Basic <user:password>`.");
}

std::optional<Principal> recall_principal(Registry& registry, std::string_view authorization,
                                          std::string_view address) {
  const auto [scheme, text] = split_scheme(authorization);
  if (!names_token(scheme)) return std::nullopt;
  auto* known = registry.credentials.known_token(text, registry.accounts.stamp());
  const auto now = registry.clock.now();
  if (!known || has_expired(known->token, now) || is_elsewhere(known->token, address))
    return std::nullopt;
  registry.credentials.token_used(known->token, now);
  return token_principal(*known, address);
}

}  // namespace kontor
