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

}  // namespace

Task<User> register_user(Registry& registry, NewUser user, Actor actor) {
  const auto settings = registry.settings;
  if (settings->policy.read_only) co_return fail(Code::read_only);
  if (!settings->accounts.allow_registration) co_return fail(Code::registration_closed);
  co_await check_new_user(user, settings->accounts);
  user.is_admin = false;
  User created = co_await store_new_user(registry, std::move(user));
  actor.principal.name = created.name;
  co_await record(registry, std::move(actor), "register", "user:" + created.name, {});
  co_return created;
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

Task<User> change_password(Registry& registry, Actor actor, PasswordChange change) {
  const auto settings = registry.settings;
  const auto& who = actor.principal;
  if (auto refused = decide(who, Action::edit_account, {}, settings->policy))
    co_return std::unexpected(std::move(*refused));
  co_await check_new_password(who.name, change.new_password, settings->accounts);
  User user = co_await check_password(registry, who.name, change.old_password, who.address);
  user.password_hash = co_await registry.passwords.hash(std::move(change.new_password));
  user = co_await save_user(registry, std::move(user));
  co_await record(registry, std::move(actor), "password", "user:" + user.name, {});
  co_return user;
}

Task<User> change_profile(Registry& registry, Actor actor, ProfileChange change) {
  const auto settings = registry.settings;
  if (auto refused = decide(actor.principal, Action::edit_account, {}, settings->policy))
    co_return std::unexpected(std::move(*refused));
  if (change.email) co_await check_email(*change.email);
  if (change.profile && change.profile->size() > kMaxProfileBytes)
    co_return fail(Code::too_large, "The profile is larger than 4 KiB.");
  User user = co_await load_user(registry, *actor.principal.user);
  if (change.email) user.email = std::move(*change.email);
  if (change.profile) user.profile = std::move(*change.profile);
  user = co_await save_user(registry, std::move(user));
  co_await record(registry, std::move(actor), "profile", "user:" + user.name, {});
  co_return user;
}

}  // namespace kontor
