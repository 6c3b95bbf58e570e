#pragma once
// What users do besides packages, for one loop: logins of programs, purchases, accounts at a git
// host. Stores, services and routes; the same natively and at the edge.
#include "adapters/git_host/api_git_host.h"
#include "adapters/git_host/web_git_login.h"
#include "adapters/sqlite/device_login_store.h"
#include "adapters/sqlite/git_connection_store.h"
#include "adapters/sqlite/purchase_store.h"
#include "adapters/stripe/payments.h"
#include "apps/server/config/config.h"
#include "registry/device_login/routes.h"
#include "registry/git_repositories/routes.h"
#include "registry/purchases/routes.h"

#include <optional>
#include <vector>

namespace kontor {

// The registry's own accounts at other services; empty fields: none.
struct OutsideAccounts {
  stripe::Account stripe;
  std::string git_api_url;
  GitClient git_client;
};
OutsideAccounts outside_accounts(const Config& config);

class UserServices {
 public:
  UserServices(Registry& registry, sqlite::Session& session, HttpCaller& caller,
               const OutsideAccounts& accounts);

  // The gate that downloads of courses pass.
  PurchaseService& purchases() { return purchase_service_; }
  std::vector<Gateway::Mount> mounts();

 private:
  sqlite::DeviceLoginStore device_logins_;
  sqlite::PurchaseStore purchases_;
  sqlite::GitConnectionStore git_connections_;
  std::optional<stripe::Payments> payments_;
  std::optional<ApiGitHost> git_host_;
  std::optional<WebGitLogin> git_login_;
  DeviceService device_service_;
  PurchaseService purchase_service_;
  GitService git_service_;
  RouteTable<DeviceService> device_routes_;
  RouteTable<PurchaseService> purchase_routes_;
  RouteTable<GitService> git_routes_;
};

}  // namespace kontor
