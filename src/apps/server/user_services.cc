// Wiring; what is not configured is null, and its routes say so.
#include "apps/server/user_services.h"

#include "registry/error_body.h"

namespace kontor {
namespace {

// Logins poll: their writes count among the reads.
constexpr http::RateGroups kRates{.anonymous_read = "npmRead",
                                  .anonymous_write = "npmRead",
                                  .read = "npmRead",
                                  .write = "npmWrite"};

template <class T>
T* pointer_to(std::optional<T>& value) {
  return value ? &*value : nullptr;
}

}  // namespace

OutsideAccounts outside_accounts(const Config& config) {
  return {{.url = config.purchases.stripe_url,
           .key = config.purchases.stripe_key,
           .webhook_secret = config.purchases.stripe_webhook_secret},
          config.git.api_url,
          {config.git.client_id, config.git.client_secret}};
}

UserServices::UserServices(Registry& registry, sqlite::Session& session, HttpCaller& caller,
                           const OutsideAccounts& accounts)
    : device_logins_(session),
      purchases_(session),
      git_connections_(session),
      device_service_{registry, device_logins_},
      purchase_service_{registry, purchases_},
      git_service_{registry, git_connections_},
      device_routes_("device-login", device_routes(), device_service_, oauth_error),
      purchase_routes_("purchases", purchase_routes(), purchase_service_, error_body),
      git_routes_("git", git_routes(), git_service_, error_body) {
  if (!accounts.stripe.key.empty()) payments_.emplace(caller, accounts.stripe);
  if (!accounts.git_api_url.empty()) git_host_.emplace(caller, accounts.git_api_url);
  if (git_host_ && !accounts.git_client.id.empty())
    git_login_.emplace(caller, accounts.git_api_url, accounts.git_client);
  purchase_service_.payments = pointer_to(payments_);
  git_service_.host = pointer_to(git_host_);
  git_service_.login = pointer_to(git_login_);
}

std::vector<Gateway::Mount> UserServices::mounts() {
  return {{&device_routes_, false, kRates},
          {&purchase_routes_, false, kRates},
          {&git_routes_, false, kRates}};
}

}  // namespace kontor
