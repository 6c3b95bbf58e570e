// Enrolment. Nothing protects the account before the user has proved that the app has the secret.
#include "registry/two_factor.h"

#include "domain/totp.h"
#include "registry/one_time_password.h"
#include "registry/password_check.h"
#include "registry/random_text.h"
#include "registry/save_user.h"
#include "registry/totp_secret.h"

#include <algorithm>

namespace kontor {
namespace {

constexpr std::size_t kRecoveryCodes = 10;
constexpr std::size_t kRecoveryCodeBytes = 10;  // 80 bits: a fast hash of it cannot be searched

// Decides, and checks the password of the caller's own account.
Task<User> admit_owner(Registry& registry, Principal who, std::string password) {
  const auto settings = registry.settings;
  if (auto refused = decide(who, Action::edit_account, {}, settings->policy))
    co_return std::unexpected(std::move(*refused));
  co_return co_await check_password(registry, who.name, std::move(password), who.address);
}

std::string target(const User& user) {
  return "user:" + user.name;
}

std::string_view mode_name(TwoFactorMode mode) {
  return mode == TwoFactorMode::auth_only ? "auth-only" : "auth-and-writes";
}

// Digests go to the row, texts to the user.
std::vector<std::string> make_recovery_codes(Registry& registry, User& user) {
  std::vector<std::string> codes;
  user.recovery_codes.clear();
  for (std::size_t i = 0; i < kRecoveryCodes; ++i) {
    codes.push_back(random_hex(registry.entropy, kRecoveryCodeBytes));
    user.recovery_codes.push_back(recovery_code_digest(codes.back()));
  }
  return codes;
}

}  // namespace

void clear_two_factor(User& user) {
  user.two_factor = TwoFactorMode::off;
  user.totp_secret.clear();
  user.totp_pending = false;
  user.totp_last_step = 0;
  user.totp_last_by.clear();
  user.recovery_codes.clear();
}

Task<TwoFactorStarted> start_two_factor(Registry& registry, Actor actor, TwoFactorStart start) {
  User user = co_await admit_owner(registry, actor.principal, std::move(start.password));
  std::string url;
  const bool on = two_factor_on(user);
  if (!on) {
    clear_two_factor(user);
    const Bytes secret = registry.entropy.bytes(kTotpSecretBytes);
    seal_totp_secret(registry, user, secret);
    user.totp_pending = true;
    url = otpauth_url(start.issuer, user.name, secret);
  }
  user.two_factor = start.mode;
  auto trail = trail_of(registry, actor, on ? "two_factor_mode" : "two_factor_start", target(user),
                        std::string(mode_name(start.mode)));
  user = co_await save_user(registry, std::move(user), std::move(trail));
  co_return TwoFactorStarted{std::move(user), std::move(url)};
}

Task<std::vector<std::string>> confirm_two_factor(Registry& registry, Actor actor,
                                                  std::string code) {
  const auto settings = registry.settings;
  if (auto refused = decide(actor.principal, Action::edit_account, {}, settings->policy))
    co_return std::unexpected(std::move(*refused));
  User user = co_await load_user(registry, *actor.principal.user);
  if (!user.totp_pending || user.totp_secret.empty())
    co_return fail(Code::bad_request, "No two-factor enrolment waits for a code; start it first.");
  const Bytes secret = co_await open_totp_secret(registry, user);
  const auto step = match_totp(secret, code, registry.clock.now());
  if (!step) co_return fail(Code::otp_invalid);
  user.totp_pending = false;
  user.totp_last_step = *step;
  user.totp_last_by.clear();
  auto codes = make_recovery_codes(registry, user);
  auto trail = trail_of(registry, actor, "two_factor_on", target(user),
                        std::string(mode_name(user.two_factor)));
  co_await save_user(registry, std::move(user), std::move(trail));
  co_return codes;
}

Task<User> stop_two_factor(Registry& registry, Actor actor, std::string password) {
  User user = co_await admit_owner(registry, actor.principal, std::move(password));
  clear_two_factor(user);
  auto trail = trail_of(registry, actor, "two_factor_off", target(user));
  co_return co_await save_user(registry, std::move(user), std::move(trail));
}

}  // namespace kontor
