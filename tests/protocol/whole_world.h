// All families of routes behind one gateway, with something in the store for each of them.
#pragma once

#include "adapters/memory/device_login_store.h"
#include "adapters/memory/git_connection_store.h"
#include "adapters/memory/health_log.h"
#include "adapters/memory/log_files.h"
#include "adapters/memory/log_store.h"
#include "adapters/memory/purchase_store.h"
#include "adapters/memory/store_audit.h"
#include "formats/npm/account_routes.h"
#include "formats/npm/error_envelope.h"
#include "formats/npm/package_routes.h"
#include "registry/advisories/routes.h"
#include "registry/device_login/routes.h"
#include "registry/error_body.h"
#include "registry/git_repositories/routes.h"
#include "registry/key_routes.h"
#include "registry/log/integrator.h"
#include "registry/log/log_routes.h"
#include "registry/purchases/routes.h"
#include "registry/system_routes.h"
#include "registry/upkeep/routes.h"
#include "registry/user_routes.h"
#include "tests/support/any_services.h"
#include "tests/support/believing_verifier.h"
#include "tests/support/npm_world.h"
#include "tests/support/test_signer.h"

namespace kontor::test {

struct NoMetrics final : MetricsSource {
  std::string text() const override { return "# none\n"; }
};

// A package of alice with two versions, one that only she may see, a course, a purchase and more.
struct WholeWorld : NpmWorld {
  WholeWorld()
      : system{registry, metrics, health, "test"},
        system_set("system", system_routes(), system, error_body),
        user_set("users", user_routes(), registry, error_body),
        device_set("device-login", device_routes(), devices, oauth_error),
        purchase_set("purchases", purchase_routes(), purchases, error_body),
        git_set("git", git_routes(), git, error_body),
        advisory_set("advisories", advisory_routes(), registry, error_body),
        upkeep{registry, {packages, inventory, audit, log_store, clock, {}}},
        upkeep_set("upkeep", upkeep_routes(), upkeep, error_body),
        log{registry, log_store, log_files, signer},
        log_set("log", log_routes(), log, error_body),
        keys{registry, signer, signer, releases, log_store},
        key_set("keys", key_routes(), keys, error_body),
        account_set("npm-accounts", npm::account_routes(), service, npm::error_response),
        whole(registry, {{&system_set, false},
                         {&user_set, false},
                         {&device_set, false},
                         {&purchase_set, false},
                         {&git_set, false},
                         {&advisory_set, false},
                         {&upkeep_set, false},
                         {&log_set, false},
                         {&key_set, false},
                         {&account_set, true},
                         {&routes, true}}) {
    host = &whole;
    service.attestations = &believing;
    signer.made[LogId::open] = 1;  // two keys, so that one can be retired
    const auto foo = document_of({.manifest = R"({"name":"foo","version":"1.0.0"})"});
    EXPECT_EQ(send("PUT", "/foo", "alice", with_bundle(foo, statement_of(foo))).status, 201);
    EXPECT_EQ(publish({.manifest = R"({"name":"foo","version":"1.1.0"})"}).status, 201);
    EXPECT_EQ(send("PUT", "/-/package/foo/dist-tags/old", "alice", "1.0.0").status, 201);
    EXPECT_EQ(publish({.manifest = R"({"name":"@acme/bar","version":"1.0.0"})"}).status, 201);
    EXPECT_EQ(send("PUT", "/-/package/foo/owners", "alice", {{"user", "carol"}}).status, 201);
    EXPECT_EQ(send("POST", "/v1/advisories", "root", {{"id", "TEST-1"}}).status, 201);
    add_course("foo", "alice");
    const auto sold = add_course("sold", "bob");
    EXPECT_TRUE(run(purchase_store.set_price(sold, Price{1000, "usd"})));
    EXPECT_TRUE(run(purchase_store.add(
        {"TEST-1", user("carol").id, sold, {}, "grant", "TEST-1", clock.now(), std::nullopt})));
    EXPECT_EQ(send("PUT", "/git/connection", "alice", {{"token", "of-alice"}}).status, 200);
    const auto integrator = run(Integrator::open({log_store, log_files, signer}, LogId::open));
    EXPECT_TRUE(integrator && run((*integrator)->publish()));
  }

  PackageId add_course(const std::string& name, const std::string& owner) {
    PackageChange change;
    change.key = {FormatId::progy, name};
    change.at = clock.now();
    change.create = CreatePackage{Visibility::open, user(owner).id, {}, {}};
    const auto applied = run(packages.apply(std::move(change)));
    EXPECT_TRUE(applied);
    return applied ? applied->id : PackageId{};
  }

  // What a refused request may not change.
  std::string state() {
    std::string out = everything_stored() + std::to_string(releases.keys.size());
    for (const auto& name : {"foo", "walked"}) {
      const auto record = *run(packages.find({FormatId::npm, name}));
      out += record ? std::to_string(record->revision) : "-";
    }
    for (const auto& [id, price] : database.prices) out += to_text(price);
    for (const auto& purchase : database.purchases) out += purchase.revoked ? "revoked" : "bought";
    for (const auto& [id, connection] : database.git_connections) out += connection.token;
    return out;
  }

  NoMetrics metrics;
  memory::HealthLog health;
  SystemService system;
  RouteTable<SystemService> system_set;
  RouteTable<Registry> user_set;
  memory::DeviceLoginStore device_logins{database};
  DeviceService devices{registry, device_logins};
  RouteTable<DeviceService> device_set;
  memory::PurchaseStore purchase_store{database};
  AnyProvider provider;
  PurchaseService purchases{registry, purchase_store, &provider};
  RouteTable<PurchaseService> purchase_set;
  memory::GitConnectionStore git_connections{database};
  AnyGitHost git_host;
  GitService git{registry, git_connections, &git_host};
  RouteTable<GitService> git_set;
  RouteTable<Registry> advisory_set;
  memory::BlobInventory inventory{blobs};
  memory::StoreAudit audit{database};
  UpkeepService upkeep;
  RouteTable<UpkeepService> upkeep_set;
  memory::LogStore log_store{database};
  memory::LogFolder log_files;
  TestSigner signer;
  LogService log;
  RouteTable<LogService> log_set;
  BelievingVerifier believing;
  KeyService keys;
  RouteTable<KeyService> key_set;
  RouteTable<npm::Service> account_set;
  Gateway whole;
};

}  // namespace kontor::test
