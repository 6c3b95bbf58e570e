// What users do with their own accounts.
#include "registry/accounts.h"

#include "registry/account_rules.h"
#include "registry/one_time_password.h"
#include "registry/password_check.h"
#include "registry/save_user.h"

#include <nlohmann/json.hpp>

namespace kontor {
namespace {

constexpr std::size_t kMaxProfileBytes = 4096;

// What a client that wants an account is told where name and password fit no account. The same for
// taken and free names while registration is closed.
std::unexpected<Error> no_account(const AccountSettings& settings) {
  if (settings.allow_registration) return fail(Code::user_exists);
  return fail(Code::registration_closed,
              "User name and password match no account, and self-registration is closed; ask an "
              "administrator for an account.");
}

Task<bool> is_free(Registry& registry, std::string name) {
  const auto taken = co_await registry.accounts.find_user(std::move(name));
  co_return !taken;
}

Task<> require_second_factor(Registry& registry, User user, std::string otp, std::string address) {
  if (!two_factor_on(user)) co_return {};
  co_await spend_one_time_password(registry, user.id, std::move(otp), "login@" + address,
                                   OtpReuse::never);
  co_return {};
}

Result<void> check_change(const AccountChange& change, std::string_view name,
                          const AccountSettings& settings) {
  if (change.email)
    if (auto email = check_email(*change.email); !email) return email;
  if (change.profile && change.profile->size() > kMaxProfileBytes)
    return fail(Code::too_large, "The profile is larger than 4 KiB.");
  if (!change.password) return {};
  return check_new_password(name, change.password->new_password, settings);
}

// The caller's row; with the new password in it where one is wished and the old one is right.
Task<User> load_for_change(Registry& registry, Principal who, const AccountChange& change) {
  if (!change.password) co_return co_await load_user(registry, *who.user);
  User user =
      co_await check_password(registry, who.name, change.password->old_password, who.address);
  user.password_hash = co_await registry.passwords.hash(change.password->new_password);
  user.sessions_since = registry.clock.now();
  co_return user;
}

Trail trail_of_change(const Registry& registry, const Actor& actor, const AccountChange& change,
                      const std::string& target) {
  Trail trail = trail_of(registry, actor, "password", target);
  const bool profile = change.email || change.profile;
  if (profile) trail.audit.push_back(trail_of(registry, actor, "profile", target).audit[0]);
  if (!change.password) trail.audit.erase(trail.audit.begin());
  return trail;
}

}  // namespace

Task<User> register_user(Registry& registry, NewUser user, Actor actor) {
  const auto settings = registry.settings;
  if (settings->policy.read_only) co_return fail(Code::read_only);
  if (!settings->accounts.allow_registration) co_return fail(Code::registration_closed);
  co_await check_new_user(user, settings->accounts);
  user.is_admin = false;
  actor.principal.name = user.name;
  auto trail = trail_of(registry, actor, "register", "user:" + user.name);
  co_return co_await store_new_user(registry, std::move(user), std::move(trail));
}

Task<User> log_in(Registry& registry, Login login, Actor actor) {
  const auto settings = registry.settings;
  const bool wants_account = login.email_of_new_account.has_value();
  if (wants_account && settings->accounts.allow_registration &&
      co_await is_free(registry, login.name)) {
    NewUser user{login.name, std::move(*login.email_of_new_account), std::move(login.password)};
    co_return co_await register_user(registry, std::move(user), std::move(actor));
  }
  const std::string address = actor.principal.address;
  auto user = co_await whole(check_password(registry, login.name, login.password, address));
  if (!user && user.error().code == Code::invalid_password && wants_account)
    co_return no_account(settings->accounts);
  if (!user) co_return fail(user);
  co_await require_second_factor(registry, *user, std::move(login.otp), address);
  co_return std::move(*user);
}

Task<User> load_own_account(Registry& registry, Principal who) {
  const auto settings = registry.settings;
  if (auto refused = decide(who, Action::own_account, {}, settings->policy))
    co_return std::unexpected(std::move(*refused));
  co_return co_await load_user(registry, *who.user);
}

Task<User> change_account(Registry& registry, Actor actor, AccountChange change) {
  const auto settings = registry.settings;
  const Principal who = actor.principal;
  if (auto refused = decide(who, Action::edit_account, {}, settings->policy))
    co_return std::unexpected(std::move(*refused));
  co_await check_change(change, who.name, settings->accounts);
  User user = co_await load_for_change(registry, who, change);
  if (change.email) user.email = std::move(*change.email);
  if (change.profile) user.profile = std::move(*change.profile);
  auto trail = trail_of_change(registry, actor, change, "user:" + user.name);
  co_return co_await save_user(registry, std::move(user), std::move(trail));
}

}  // namespace kontor
