// What administrators do with accounts of others, and the first administrator.
#include "registry/account_rules.h"
#include "registry/accounts.h"
#include "registry/random_text.h"
#include "registry/save_user.h"
#include "registry/two_factor.h"

#include <algorithm>

namespace kontor {
namespace {

constexpr std::uint32_t kMaxListed = 1000;
constexpr std::size_t kGeneratedLength = 24;

std::optional<Error> refuse_non_admin(const Registry& registry, const Principal& who) {
  return decide(who, Action::administer, {}, registry.settings->policy);
}

Task<User> find_named(Registry& registry, std::string name) {
  auto user = co_await registry.accounts.find_user(name);
  if (!user) co_return fail(Code::not_found, "There is no user " + name + ".");
  co_return std::move(*user);
}

Task<bool> is_last_admin(Registry& registry, UserId id) {
  std::string after;
  for (;;) {
    const auto users = co_await registry.accounts.list_users(after, kMaxListed);
    for (const auto& user : users)
      if (user.is_admin && user.id != id) co_return false;
    if (users.size() < kMaxListed) co_return true;
    after = users.back().name;
  }
}

}  // namespace

std::string generate_password(Registry& registry) {
  return random_base62(registry.entropy, kGeneratedLength);
}

Task<User> create_user(Registry& registry, Actor actor, NewUser user) {
  if (auto refused = refuse_non_admin(registry, actor.principal))
    co_return std::unexpected(std::move(*refused));
  const auto settings = registry.settings;
  co_await check_new_user(user, settings->accounts);
  auto trail = trail_of(registry, actor, "create_user", "user:" + user.name,
                        user.is_admin ? "administrator" : "");
  co_return co_await store_new_user(registry, std::move(user), std::move(trail));
}

Task<std::vector<User>> list_users(Registry& registry, Principal who, std::string after,
                                   std::uint32_t limit) {
  Policy policy = registry.settings->policy;
  policy.read_only = false;  // a list changes nothing
  if (auto refused = decide(who, Action::administer, {}, policy))
    co_return std::unexpected(std::move(*refused));
  co_return co_await registry.accounts.list_users(std::move(after), std::min(limit, kMaxListed));
}

Task<> remove_user(Registry& registry, Actor actor, std::string name) {
  if (auto refused = refuse_non_admin(registry, actor.principal))
    co_return std::unexpected(std::move(*refused));
  const User user = co_await find_named(registry, name);
  if (user.is_admin && co_await is_last_admin(registry, user.id))
    co_return fail(Code::forbidden, "The last administrator cannot be removed.");
  co_await registry.accounts.remove_user(
      user.id, trail_of(registry, actor, "remove_user", "user:" + user.name));
  co_return {};
}

Task<User> reset_password(Registry& registry, Actor actor, PasswordReset reset) {
  if (auto refused = refuse_non_admin(registry, actor.principal))
    co_return std::unexpected(std::move(*refused));
  const auto settings = registry.settings;
  co_await check_new_password(reset.name, reset.password, settings->accounts);
  User user = co_await find_named(registry, reset.name);
  user.password_hash = co_await registry.passwords.hash(std::move(reset.password));
  user.sessions_since = registry.clock.now();
  if (reset.drop_two_factor) clear_two_factor(user);
  auto trail = trail_of(registry, actor, "reset_password", "user:" + user.name,
                        reset.drop_two_factor ? "two-factor dropped" : "");
  co_return co_await save_user(registry, std::move(user), std::move(trail));
}

Task<FirstAdmin> ensure_first_admin(Registry& registry, std::string name, std::string password) {
  if (co_await registry.accounts.count_users() > 0) co_return FirstAdmin{};
  const bool generate = password.empty();
  if (generate) password = generate_password(registry);
  NewUser admin{std::move(name), {}, password, true};
  const auto settings = registry.settings;
  co_await check_new_user(admin, settings->accounts);
  Actor system;
  system.principal.name = "system";
  auto trail =
      trail_of(registry, system, "create_user", "user:" + admin.name, "first administrator");
  const auto created = co_await whole(store_new_user(registry, std::move(admin), std::move(trail)));
  if (!created && created.error().code == Code::user_exists) co_return FirstAdmin{};
  if (!created) co_return std::unexpected(created.error());
  co_return FirstAdmin{true, generate ? std::move(password) : std::string{}};
}

}  // namespace kontor
