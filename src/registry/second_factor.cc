// Which requests need a one-time password, by the caller's own two-factor mode (row AUTH-09).
#include "registry/authenticate.h"
#include "registry/one_time_password.h"

namespace kontor {
namespace {

using http::Access;

// Requests that need none whatever the user's mode is; they cost no look-up. A password alone is
// one factor: with two-factor on it opens nothing, not even reads. A bypass token serves writes of
// packages; accounts and owners stay protected against it.
bool exempt(const Principal& who, Access access) {
  if (who.anonymous() || access == Access::open) return true;
  if (who.credential == Credential::password) return false;
  if (access == Access::write) return who.bypass_two_factor;
  return access != Access::full && access != Access::admin;
}

Task<TwoFactorMode> mode_of(Registry& registry, Principal who) {
  if (who.facts) co_return who.facts->two_factor;
  const auto user = co_await registry.accounts.find_user_by_id(*who.user);
  co_return user&& two_factor_on(*user) ? user->two_factor : TwoFactorMode::off;
}

}  // namespace

Task<> second_factor(Registry& registry, Principal who, http::Access access, std::string otp) {
  if (exempt(who, access)) co_return {};
  const auto mode = co_await mode_of(registry, who);
  if (mode == TwoFactorMode::off) co_return {};
  const bool token_write = who.credential == Credential::token && access == Access::write;
  if (token_write && mode == TwoFactorMode::auth_only) co_return {};
  const bool sensitive = access == Access::full || access == Access::admin;
  co_await spend_one_time_password(registry, *who.user, std::move(otp), credential_label(who),
                                   sensitive ? OtpReuse::never : OtpReuse::same_credential);
  co_return {};
}

}  // namespace kontor
