// The subject of the token is the user's id, which is never used again, so a new account of an old
// name inherits nothing. Name and rights come from the row: an administrator who was made less is
// less at once.
#include "registry/sessions.h"

#include "domain/jwt.h"
#include "registry/audit.h"
#include "registry/password_check.h"
#include "registry/random_text.h"

#include <algorithm>
#include <charconv>

namespace kontor {
namespace {

constexpr std::size_t kIdBytes = 16;

struct Session {
  JwtClaims claims;
  User user;
};

std::optional<UserId> subject_of(const JwtClaims& claims) {
  std::int64_t id = 0;
  const auto* end = claims.subject.data() + claims.subject.size();
  const auto [stop, error] = std::from_chars(claims.subject.data(), end, id);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return UserId(id);
}

Duration life_of_session(const AccountSettings& settings) {
  if (!settings.token_max_days) return settings.session_life;
  return std::min(settings.session_life, days(settings.token_max_days));
}

Task<Session> find_session(Registry& registry, std::string text) {
  const auto settings = registry.settings;
  auto claims = co_await verify_jwt(text, settings->accounts.session_key, registry.clock.now());
  const auto id = subject_of(claims);
  std::optional<User> user;
  if (id) user = co_await registry.accounts.find_session_user(*id, claims.id);
  if (!user || claims.issued <= user->sessions_since)
    co_return fail(Code::invalid_credential, "The login was ended; log in again.");
  co_return Session{std::move(claims), std::move(*user)};
}

}  // namespace

bool sessions_on(const AccountSettings& settings) {
  return !settings.session_key.empty();
}

Task<std::string> open_session(Registry& registry, User user, Actor actor) {
  const auto settings = registry.settings;
  const auto now = registry.clock.now();
  const JwtClaims claims{random_hex(registry.entropy, kIdBytes), std::to_string(user.id.value), now,
                         now + life_of_session(settings->accounts)};
  // The store keeps nothing of a session but this row, so it is there before the session is.
  const auto trail = trail_of(registry, actor, "open_session", "session:" + claims.id);
  co_await registry.packages.add_audit(trail.at, trail.audit);
  co_return sign_jwt(claims, settings->accounts.session_key);
}

Task<Principal> session_principal(Registry& registry, std::string text, std::string address) {
  auto session = co_await whole(find_session(registry, std::move(text)));
  if (!session) {
    registry.observer.auth_failed("session");
    co_return fail(session);
  }
  Principal who = password_principal(session->user, std::move(address));
  who.credential = Credential::token;
  who.token_key = std::move(session->claims.id);
  co_return who;
}

Task<> close_session(Registry& registry, Actor actor, std::string text) {
  auto session = co_await whole(find_session(registry, std::move(text)));
  if (!session && session.error().code != Code::invalid_credential) co_return fail(session);
  if (!session) co_return {};
  const auto& claims = session->claims;
  actor.principal.name = session->user.name;
  actor.principal.token_key = claims.id;
  auto trail = trail_of(registry, actor, "log_out", "session:" + claims.id);
  co_await registry.accounts.revoke_session({claims.id, session->user.id, claims.expires},
                                            registry.clock.now(), std::move(trail));
  co_return {};
}

}  // namespace kontor
