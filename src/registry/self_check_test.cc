// A server that asks itself: through the whole way of a request, with what it found kept and shown.
#include "registry/self_check.h"

#include "adapters/memory/health_log.h"
#include "adapters/memory/log_files.h"
#include "adapters/memory/log_store.h"
#include "registry/error_body.h"
#include "registry/system_routes.h"
#include "tests/support/account_world.h"
#include "tests/support/forwarding_package_store.h"
#include "tests/support/test_signer.h"

#include <gmock/gmock.h>

namespace kontor {
namespace {

using nlohmann::ordered_json;
using testing::HasSubstr;

class NoMetrics final : public MetricsSource {
 public:
  std::string text() const override { return {}; }
};

// A metadata store whose disk can be taken away.
class FragileStore final : public test::ForwardingPackageStore {
 public:
  using ForwardingPackageStore::ForwardingPackageStore;
  Task<> probe() override {
    if (gone) co_return fail(Code::storage_failed, {}, "disk away");
    co_return {};
  }
  bool gone = false;
};

struct SelfCheck : testing::Test {
  SelfCheck()
      : registry{packages,
                 world.accounts,
                 world.blobs,
                 world.clock,
                 world.entropy,
                 world.passwords,
                 world.secrets,
                 world.failures,
                 world.observer,
                 world.credentials,
                 world.documents,
                 world.answers,
                 world.downloads,
                 world.registry.advisories,
                 world.processor,
                 world.rates,
                 world.registry.settings},
        system{registry, metrics, log, "1.2.3", false, &published},
        routes("system", system_routes(), system, error_body),
        gateway(registry, {{&routes, false}}) {
    world.add_user("root", "correct horse", true);
    world.add_user("alice", "correct horse");
  }
  Result<void> check() {
    return world.run(
        check_own_endpoints(registry, gateway, log, {"/health", "/health/ready", "/nowhere?x=1"}));
  }
  // Status and body of a GET, by the user.
  std::pair<int, ordered_json> get(const char* path, const std::string& user = {}) {
    http::Request request;
    request.path = path;
    const auto authorization = test::basic(user, "correct horse");
    if (!user.empty()) request.headers.push_back({"authorization", authorization});
    request.address = "192.0.2.1";
    RouteLabel label;
    const auto response = world.run(gateway.handle(request, &label));
    return {response->status, ordered_json::parse(std::get<Bytes>(response->body))};
  }

  test::AccountWorld world;
  FragileStore packages{world.packages};
  memory::HealthLog log;
  NoMetrics metrics;
  Registry registry;
  memory::LogStore log_store{world.database};
  memory::LogFolder log_files;
  test::TestSigner signer;
  LogService published{registry, log_store, log_files, signer, {}};
  SystemService system;
  RouteTable<SystemService> routes;
  Gateway gateway;
};

TEST_F(SelfCheck, notes_every_endpoint_and_counts_only_500_and_more_as_failed) {
  EXPECT_TRUE(check());
  const auto rounds = log.rounds();
  ASSERT_EQ(rounds.size(), 1u);
  EXPECT_TRUE(rounds[0].ok());
  EXPECT_EQ(rounds[0].at, world.clock.now());
  ASSERT_EQ(rounds[0].checks.size(), 3u);
  EXPECT_EQ(rounds[0].checks[1].target, "/health/ready");
  EXPECT_EQ(rounds[0].checks[1].status, 200);
  EXPECT_EQ(rounds[0].checks[2].target, "/nowhere?x=1");
  EXPECT_EQ(rounds[0].checks[2].status, 404);
}

TEST_F(SelfCheck, names_the_endpoint_that_fails_and_recovers_with_it) {
  packages.gone = true;
  const auto failed = check();
  ASSERT_FALSE(failed);
  EXPECT_THAT(failed.error().cause, HasSubstr("/health/ready answered 503"));
  packages.gone = false;
  EXPECT_TRUE(check());
  const auto rounds = log.rounds();
  ASSERT_EQ(rounds.size(), 2u);
  EXPECT_TRUE(rounds[0].ok());
  EXPECT_FALSE(rounds[1].ok());
}

TEST_F(SelfCheck, history_is_shown_to_administrators_newest_first) {
  packages.gone = true;
  EXPECT_FALSE(check());
  packages.gone = false;
  world.clock.advance(seconds(30));
  EXPECT_TRUE(check());
  EXPECT_EQ(get("/-/kontor/v1/health/history").first, 401);
  EXPECT_EQ(get("/-/kontor/v1/health/history", "alice").first, 403);
  const auto [status, body] = get("/-/kontor/v1/health/history", "root");
  EXPECT_EQ(status, 200);
  ASSERT_EQ(body["rounds"].size(), 2u);
  EXPECT_EQ(body["rounds"][0]["ok"], true);
  EXPECT_EQ(body["rounds"][0]["at"], rfc3339(world.clock.now()));
  EXPECT_EQ(body["rounds"][1]["ok"], false);
  EXPECT_EQ(body["rounds"][1]["endpoints"][1]["status"], 503);
}

TEST_F(SelfCheck, readiness_tells_each_part_and_what_to_do_about_one_that_fails) {
  const auto [well, healthy] = get("/health/ready");
  EXPECT_EQ(well, 200);
  for (const char* part : {"metadata", "writes", "blobs", "logs"})
    EXPECT_EQ(healthy["checks"][part]["status"], "ok") << part;
  EXPECT_EQ(world.blobs.count(), 0u) << "the probe leaves nothing behind";

  packages.gone = true;
  const auto [ill, body] = get("/health/ready");
  EXPECT_EQ(ill, 503);
  EXPECT_EQ(body["status"], "not ready");
  EXPECT_EQ(body["checks"]["metadata"]["status"], "failed");
  EXPECT_EQ(body["checks"]["metadata"]["code"], "storage_failed");
  EXPECT_THAT(body["checks"]["metadata"]["advice"].get<std::string>(), HasSubstr("log"));
  EXPECT_EQ(body.dump().find("disk away"), std::string::npos) << "the cause is for the log";
  EXPECT_EQ(world.observer.errors.back().cause, "disk away");
  EXPECT_EQ(body["checks"]["blobs"]["status"], "ok");
}

TEST_F(SelfCheck, readiness_looks_at_the_logs) {
  log_files.files[{LogId::restricted, "checkpoint"}] = "no checkpoint";
  const auto [status, body] = get("/health/ready");
  EXPECT_EQ(status, 503);
  EXPECT_EQ(body["checks"]["logs"]["code"], "storage_failed");
  EXPECT_THAT(body["checks"]["logs"]["advice"].get<std::string>(), HasSubstr("backup"));
  EXPECT_THAT(world.observer.errors.back().cause, HasSubstr("private log"));
}

}  // namespace
}  // namespace kontor
