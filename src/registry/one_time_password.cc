// A password counts as spent by a conditional write of the user's row: of two requests with the
// same one, the later finds the row changed, reads again and sees the step used.
#include "registry/one_time_password.h"

#include "base/sha256.h"
#include "domain/totp.h"
#include "registry/totp_secret.h"

#include <algorithm>

namespace kontor {
namespace {

constexpr int kAttempts = 3;
constexpr std::size_t kMaxOtpBytes = 64;

enum class Verdict { wrong, repeated, spent };

// The step whose password this is. Where the secret does not open the codes for recovery still
// work; the reason goes to the log.
std::optional<std::int64_t> find_step(Registry& registry, const User& user, const std::string& otp,
                                      Timestamp now) {
  if (user.totp_secret.empty()) return std::nullopt;
  const auto secret = open_totp_secret(registry, user);
  if (secret) return match_totp(*secret, otp, now);
  registry.observer.failed({}, secret.error());
  return std::nullopt;
}

// Decides, and changes `user` where something is spent; `step` is find_step() of the password.
Verdict judge(User& user, std::optional<std::int64_t> step, const std::string& otp,
              const std::string& by, OtpReuse reuse) {
  if (step) {
    const bool repeated = reuse == OtpReuse::same_credential && *step == user.totp_last_step &&
                          by == user.totp_last_by;
    if (repeated) return Verdict::repeated;
    if (*step <= user.totp_last_step) return Verdict::wrong;
    user.totp_last_step = *step;
    user.totp_last_by = by;
    return Verdict::spent;
  }
  const auto code = std::ranges::find(user.recovery_codes, recovery_code_digest(otp));
  if (code == user.recovery_codes.end()) return Verdict::wrong;
  user.recovery_codes.erase(code);
  return Verdict::spent;
}

// Yields whether the password was good.
Task<bool> spend(Registry& registry, UserId id, std::string otp, std::string by, OtpReuse reuse) {
  for (int attempt = 1;; ++attempt) {
    auto user = co_await registry.accounts.find_user_by_id(id);
    if (!user) co_return fail(Code::invalid_credential);
    user->updated = registry.clock.now();
    const auto step = find_step(registry, *user, otp, user->updated);
    const auto verdict = judge(*user, step, otp, by, reuse);
    if (verdict != Verdict::spent) co_return verdict == Verdict::repeated;
    const auto written = co_await whole(registry.accounts.update_user(std::move(*user)));
    if (written) co_return true;
    if (written.error().code != Code::conflict || attempt == kAttempts)
      co_return std::unexpected(written.error());
  }
}

}  // namespace

bool two_factor_on(const User& user) {
  return user.two_factor != TwoFactorMode::off && !user.totp_pending && !user.totp_secret.empty();
}

Task<> spend_one_time_password(Registry& registry, UserId user, std::string otp, std::string by,
                               OtpReuse reuse) {
  if (otp.empty()) co_return fail(Code::otp_required);
  if (otp.size() > kMaxOtpBytes) co_return fail(Code::otp_invalid);
  // The user alone is the key: whoever gets here holds the first factor already, and must not gain
  // guesses by changing addresses. Counted before the look, so that guesses sent at once count too.
  const std::string key = "otp:" + std::to_string(user.value);
  const auto now = registry.clock.now();
  if (const auto wait = co_await registry.failures.blocked(key, now)) {
    const auto seconds =
        static_cast<std::uint32_t>(std::max<std::int64_t>(1, (wait->ms + 999) / 1000));
    co_return std::unexpected(Error{
        Code::rate_limited,
        "Too many wrong one-time passwords; try again in " + std::to_string(seconds) + " seconds.",
        {},
        seconds});
  }
  co_await registry.failures.failed(key, now);
  const bool good = co_await spend(registry, user, std::move(otp), std::move(by), reuse);
  if (!good) {
    registry.observer.auth_failed("one_time_password");
    co_return fail(Code::otp_invalid);
  }
  co_await registry.failures.succeeded(key);
  co_return {};
}

std::string credential_label(const Principal& who) {
  return who.token_key.empty() ? "password@" + who.address : "token:" + who.token_key;
}

Sha256 recovery_code_digest(std::string_view code) {
  std::string plain;
  for (char c : to_lower_ascii(code))
    if (c != ' ' && c != '-') plain += c;
  return sha256(plain);
}

}  // namespace kontor
