// The suites of the ports against D1 itself, as miniflare has it. Where miniflare is not asked for
// (KONTOR_TEST_TARGET is not "edge") there is nothing to run; d1_test does the same over SQLite.
#include "adapters/curl/http_client.h"
#include "adapters/d1/schema.h"
#include "adapters/d1/session.h"
#include "adapters/memory/fakes.h"
#include "adapters/sqlite/account_store.h"
#include "adapters/sqlite/advisory_store.h"
#include "adapters/sqlite/device_login_store.h"
#include "adapters/sqlite/git_connection_store.h"
#include "adapters/sqlite/log_store.h"
#include "adapters/sqlite/package_store.h"
#include "adapters/sqlite/purchase_store.h"
#include "adapters/sqlite/rate_store.h"
#include "adapters/sqlite/store_audit.h"
#include "apps/edge/d1_messages.h"
#include "tests/conformance/store_harness.h"

#include <cstdlib>
#include <list>
#include <sys/wait.h>
#include <unistd.h>

namespace kontor::test {
namespace {

// node with the worker, as long as this program runs.
class Miniflare {
 public:
  static const std::string& url() {
    static const Miniflare one;
    return one.url_;
  }

 private:
  Miniflare() {
    int to_child[2], from_child[2];
    if (::pipe(to_child) != 0 || ::pipe(from_child) != 0) return;
    const auto script = std::string(KONTOR_SOURCE_DIR) + "/tests/edge/d1_server.mjs";
    if (::fork() == 0) {
      ::dup2(to_child[0], STDIN_FILENO);
      ::dup2(from_child[1], STDOUT_FILENO);
      for (const int end : {to_child[0], to_child[1], from_child[0], from_child[1]}) ::close(end);
      ::execlp("node", "node", script.c_str(), nullptr);
      ::_exit(127);
    }
    ::close(to_child[0]);  // the other end stays open until this program ends
    ::close(from_child[1]);
    for (char c = 0; ::read(from_child[0], &c, 1) == 1 && c != '\n';) url_ += c;
    ::close(from_child[0]);
  }
  std::string url_;  // ends with a slash; empty where it did not start
};

class FarBridge final : public d1::Bridge {
 public:
  Task<std::vector<d1::Rows>> batch(std::vector<d1::Statement> statements) override {
    auto answer = send("batch", edge::print_batch(statements));
    if (!answer) co_return std::unexpected(answer.error());
    if (answer->status != 200) co_return std::unexpected(edge::d1_error(answer->body));
    co_return edge::read_rows(answer->body);
  }
  Result<curl::HttpAnswer> send(const std::string& what, Bytes body) {
    return http_.send({.method = "POST", .url = Miniflare::url() + what, .body = std::move(body)});
  }

 private:
  curl::HttpClient http_{curl::HttpClientOptions{}};
};

class FarStores final : public StoreHarness {
 public:
  FarStores() {
    FarBridge bridge;
    const auto emptied = bridge.send("empty", {});
    EXPECT_TRUE(emptied && emptied->status == 200) << (emptied ? emptied->body : "no answer");
    TestLoop loop;
    memory::FakeEntropy entropy;
    d1::Session session(bridge, loop, entropy);
    const auto brought_up = loop.run(d1::bring_up_schema(session, kNoon));
    EXPECT_TRUE(brought_up) << brought_up.error().cause;
  }
  Stores open(Loop& loop) override {
    const std::scoped_lock lock(mutex_);
    auto& session = opened_.emplace_back(loop).session;
    return {std::make_unique<sqlite::PackageStore>(session),
            std::make_unique<sqlite::AccountStore>(session),
            std::make_unique<sqlite::StoreAudit>(session),
            std::make_unique<sqlite::LogStore>(session),
            std::make_unique<sqlite::AdvisoryStore>(session),
            std::make_unique<sqlite::RateStore>(session),
            std::make_unique<sqlite::DeviceLoginStore>(session),
            std::make_unique<sqlite::PurchaseStore>(session),
            std::make_unique<sqlite::GitConnectionStore>(session)};
  }
  bool keeps_stamps() const override { return false; }

 private:
  struct Opened {
    explicit Opened(Loop& loop) : session(bridge, loop, entropy) {}
    FarBridge bridge;
    memory::FakeEntropy entropy;
    d1::Session session;
  };
  std::mutex mutex_;
  std::list<Opened> opened_;
};

std::unique_ptr<StoreHarness> make_stores() {
  return std::make_unique<FarStores>();
}

std::vector<MakeStoreHarness> harnesses() {
  const char* target = std::getenv("KONTOR_TEST_TARGET");
  if (!target || std::string_view(target) != "edge") return {};
  return {&make_stores};
}

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(PackageStoreSuite);
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(SearchSuite);
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(AccountStoreSuite);
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(AdvisoryStoreSuite);
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(LogStoreSuite);
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(ConcurrentStoreSuite);
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(StoreAuditSuite);

INSTANTIATE_TEST_SUITE_P(Miniflare, PackageStoreSuite, testing::ValuesIn(harnesses()));
INSTANTIATE_TEST_SUITE_P(Miniflare, SearchSuite, testing::ValuesIn(harnesses()));
INSTANTIATE_TEST_SUITE_P(Miniflare, AccountStoreSuite, testing::ValuesIn(harnesses()));
INSTANTIATE_TEST_SUITE_P(Miniflare, AdvisoryStoreSuite, testing::ValuesIn(harnesses()));
INSTANTIATE_TEST_SUITE_P(Miniflare, LogStoreSuite, testing::ValuesIn(harnesses()));
INSTANTIATE_TEST_SUITE_P(Miniflare, ConcurrentStoreSuite, testing::ValuesIn(harnesses()));

TEST(Miniflare, integers_beyond_what_doubles_hold_survive_d1) {
  if (harnesses().empty()) GTEST_SKIP() << "miniflare is not asked for";
  constexpr std::uint64_t kLarge = (std::uint64_t{1} << 53) + 1;
  FarStores far;
  TestLoop loop;
  auto stores = far.open(loop);
  const auto ann = loop.run(stores.accounts->create_user(user_named("ann"))).value();
  auto change = first_publish("pkg", ann);
  std::get<PutVersion>(change.ops.front()).record.archive.size = kLarge;
  const auto applied = loop.run(stores.packages->apply(change)).value();
  const auto found = loop.run(stores.packages->find_version(applied.id, "1.0.0")).value();
  EXPECT_EQ(found->archive.size, kLarge);
}

}  // namespace
}  // namespace kontor::test
