// The steps of a web login over the store's atomic approve and take.
#include "registry/web_login.h"

#include "base/sha256.h"
#include "domain/cidr.h"
#include "registry/random_text.h"
#include "registry/save_user.h"

#include <algorithm>

namespace kontor {
namespace {

constexpr std::size_t kSecretLength = 32;

std::unexpected<Error> gone() {
  return fail(Code::not_found,
              "This login is unknown, has expired or is done already; start it again.");
}

Error too_many(Duration wait) {
  const auto seconds =
      static_cast<std::uint32_t>(std::max<std::int64_t>(1, (wait.ms + 999) / 1000));
  return {Code::rate_limited,
          "Too many browser logins wait to be finished; finish one, or try again in " +
              std::to_string(seconds) + " seconds.",
          {},
          seconds};
}

}  // namespace

Task<StartedWebLogin> start_web_login(Registry& registry, std::string address) {
  const auto settings = registry.settings;
  if (settings->policy.read_only) co_return fail(Code::read_only);
  const auto now = registry.clock.now();
  StartedWebLogin started{random_base62(registry.entropy, kSecretLength),
                          random_base62(registry.entropy, kSecretLength)};
  WebLogin login{sha256(started.poll), sha256(started.page), client_group(address),
                 now + settings->accounts.web_login_timeout, std::nullopt};
  const auto until =
      co_await registry.accounts.put_web_login(std::move(login), kWebLoginLimits, now);
  if (until) co_return std::unexpected(too_many(*until - now));
  co_return started;
}

Task<> find_web_login_page(Registry& registry, std::string page) {
  const auto login = co_await registry.accounts.find_web_login_page(sha256(page));
  if (!login || login->approved_by || login->expires <= registry.clock.now()) co_return gone();
  co_return {};
}

Task<User> approve_web_login(Registry& registry, std::string page, Login login, Actor actor) {
  co_await find_web_login_page(registry, page);
  User user = co_await log_in(registry, std::move(login), actor);
  actor.principal.name = user.name;
  auto trail = trail_of(registry, actor, "approve_web_login", "user:" + user.name);
  const bool approved = co_await registry.accounts.approve_web_login(
      sha256(page), user.id, registry.clock.now(), std::move(trail));
  if (!approved) co_return gone();
  co_return user;
}

Task<std::optional<std::string>> poll_web_login(Registry& registry, std::string poll, Actor actor) {
  const Sha256 id = sha256(poll);
  const auto waiting = co_await registry.accounts.find_web_login(id);
  if (!waiting || waiting->expires <= registry.clock.now()) co_return gone();
  if (!waiting->approved_by) co_return std::nullopt;
  const auto taken = co_await registry.accounts.take_web_login(id);
  if (!taken || !taken->approved_by) co_return gone();
  User user = co_await load_user(registry, *taken->approved_by);
  co_return co_await issue_login(registry, std::move(user), "web login", std::move(actor));
}

}  // namespace kontor
