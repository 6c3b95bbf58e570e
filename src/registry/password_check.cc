// Guard, look-up, slow hash, guard again; hashes of old parameters are renewed on the way.
#include "registry/password_check.h"

#include "domain/cidr.h"
#include "domain/user_name.h"
#include "registry/audit.h"
#include "registry/one_time_password.h"

namespace kontor {
namespace {

constexpr std::size_t kMaxPasswordBytes = 1024;

struct GuardKeys {
  std::string address;
  std::string pair;
};

GuardKeys guard_keys(const std::string& name, const std::string& address) {
  const std::string group = client_group(address);
  return {"address:" + group, "login:" + group + ":" + name};
}

Error locked_out(Duration wait) {
  const auto seconds =
      static_cast<std::uint32_t>(std::max<std::int64_t>(1, (wait.ms + 999) / 1000));
  return {Code::rate_limited,
          "Too many failed logins from your address; try again in " + std::to_string(seconds) +
              " seconds.",
          {},
          seconds};
}

Task<> refuse_locked_out(Registry& registry, GuardKeys keys) {
  const auto now = registry.clock.now();
  auto wait = co_await registry.failures.blocked(keys.address, now);
  if (!wait) wait = co_await registry.failures.blocked(keys.pair, now);
  if (wait) co_return std::unexpected(locked_out(*wait));
  co_return {};
}

// Whether this failure is the one by which the guard begins to refuse the key.
Task<bool> begins_to_block(Registry& registry, std::string key, Timestamp now) {
  const auto before = co_await registry.failures.blocked(key, now);
  co_await registry.failures.failed(key, now);
  const auto after = co_await registry.failures.blocked(key, now);
  co_return !before && after;
}

// The trail tells of the guard's refusals, not of each failure: strangers could fill it with those.
Task<> count_failure(Registry& registry, GuardKeys keys, std::string name, std::string address) {
  const auto now = registry.clock.now();
  registry.observer.auth_failed("password");
  Principal stranger;
  stranger.address = std::move(address);
  std::vector<AuditEntry> rows;
  const auto tell = [&](std::string target) {
    auto trail = trail_of(registry, {stranger, {}}, std::string(kLoginBlocked), std::move(target));
    rows.push_back(std::move(trail.audit[0]));
  };
  if (co_await begins_to_block(registry, keys.address, now)) tell("address");
  if (co_await begins_to_block(registry, keys.pair, now)) tell("user:" + name);
  if (!rows.empty()) co_await registry.packages.add_audit(now, std::move(rows));
  co_return {};
}

// A failure here costs nothing: the next login tries again.
Task<User> renew_hash(Registry& registry, User user, std::string password) {
  auto hash = co_await whole(registry.passwords.hash(password));
  if (!hash) co_return user;
  User renewed = user;
  renewed.password_hash = std::move(*hash);
  const auto updated = co_await whole(registry.accounts.update_user(renewed));
  if (!updated) co_return user;
  auto fresh = co_await registry.accounts.find_user_by_id(user.id);
  co_return fresh ? std::move(*fresh) : std::move(user);
}

}  // namespace

Task<User> check_password(Registry& registry, std::string name, std::string password,
                          std::string address) {
  if (!is_user_name(name)) name.clear();  // no such user, but the same answer in the same time
  const auto keys = guard_keys(name, address);
  co_await refuse_locked_out(registry, keys);
  std::optional<User> user;
  if (!name.empty()) user = co_await registry.accounts.find_user(name);
  const bool plausible = password.size() <= kMaxPasswordBytes;
  const bool right =
      co_await registry.passwords.verify(user && plausible ? user->password_hash : std::string{},
                                         plausible ? password : std::string{});
  if (!right || !user) {
    co_await count_failure(registry, keys, name, address);
    co_return fail(Code::invalid_password);
  }
  // Of many guesses sent at once only as many learn something as the guard allows.
  co_await refuse_locked_out(registry, keys);
  co_await registry.failures.succeeded(keys.pair);
  if (registry.passwords.outdated(user->password_hash))
    co_return co_await renew_hash(registry, std::move(*user), std::move(password));
  co_return std::move(*user);
}

Principal password_principal(const User& user, std::string address) {
  Principal who;
  who.credential = Credential::password;
  who.user = user.id;
  who.name = user.name;
  who.is_admin = user.is_admin;
  who.address = std::move(address);
  who.facts = {user.email, two_factor_on(user) ? user.two_factor : TwoFactorMode::off};
  return who;
}

}  // namespace kontor
