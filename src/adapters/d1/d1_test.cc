// The stores keep the promises of their ports over a bridge, and what only batches can get wrong.
#include "adapters/d1/session.h"
#include "adapters/d1/sqlite_bridge.h"
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
#include "tests/conformance/store_harness.h"
#include "tests/support/temp_folder.h"

namespace kontor::test {
namespace {

// A file with the schema of the stores, and a bridge to it.
class D1Stores final : public StoreHarness {
 public:
  D1Stores() {
    const auto path = folder_.path() + "/kontor.db";
    EXPECT_TRUE(sqlite::Database::open({path, kNoon, {}}));
    bridge_.emplace(path);
  }
  Stores open(Loop& loop) override {
    const std::scoped_lock lock(mutex_);
    auto& opened = opened_.emplace_back(*bridge_, loop);
    return {std::make_unique<sqlite::PackageStore>(opened.session),
            std::make_unique<sqlite::AccountStore>(opened.session),
            std::make_unique<sqlite::StoreAudit>(opened.session),
            std::make_unique<sqlite::LogStore>(opened.session),
            std::make_unique<sqlite::AdvisoryStore>(opened.session),
            std::make_unique<sqlite::RateStore>(opened.session),
            std::make_unique<sqlite::DeviceLoginStore>(opened.session),
            std::make_unique<sqlite::PurchaseStore>(opened.session),
            std::make_unique<sqlite::GitConnectionStore>(opened.session)};
  }
  bool keeps_stamps() const override { return false; }
  d1::SqliteBridge& bridge() { return *bridge_; }
  d1::Session& session() { return opened_.front().session; }  // of the first stores

 private:
  struct Opened {
    Opened(d1::Bridge& bridge, Loop& loop) : session(bridge, loop, entropy) {}
    memory::FakeEntropy entropy;
    d1::Session session;
  };

  TempFolder folder_;
  std::optional<d1::SqliteBridge> bridge_;
  std::mutex mutex_;
  std::list<Opened> opened_;
};

std::unique_ptr<StoreHarness> make_stores() {
  return std::make_unique<D1Stores>();
}

INSTANTIATE_TEST_SUITE_P(D1, PackageStoreSuite, testing::Values(&make_stores));
INSTANTIATE_TEST_SUITE_P(D1, SearchSuite, testing::Values(&make_stores));
INSTANTIATE_TEST_SUITE_P(D1, AccountStoreSuite, testing::Values(&make_stores));
// D1 looks after its own pages and indexes.
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(StoreAuditSuite);
INSTANTIATE_TEST_SUITE_P(D1, AdvisoryStoreSuite, testing::Values(&make_stores));
INSTANTIATE_TEST_SUITE_P(D1, LogStoreSuite, testing::Values(&make_stores));
INSTANTIATE_TEST_SUITE_P(D1, ConcurrentStoreSuite, testing::Values(&make_stores));

class D1Batches : public testing::Test {
 protected:
  void SetUp() override {
    ann_ = loop_.run(here_.accounts->create_user(user_named("ann"))).value();
  }
  template <class T>
  Result<T> run(Task<T> task) {
    return loop_.run(std::move(task));
  }
  // How many batches went over the bridge meanwhile.
  template <class Act>
  int batches_of(Act act) {
    const int before = d1_.bridge().batches();
    act();
    return d1_.bridge().batches() - before;
  }

  TestLoop loop_;
  D1Stores d1_;
  Stores here_ = d1_.open(loop_), there_ = d1_.open(loop_);
  UserId ann_;
};

TEST_F(D1Batches, a_package_is_read_by_one_and_changed_by_two) {
  EXPECT_LE(
      batches_of([&] { ASSERT_TRUE(run(here_.packages->apply(first_publish("pkg", ann_)))); }), 4);
  EXPECT_EQ(batches_of([&] { ASSERT_TRUE(run(there_.packages->find(key_of("pkg")))); }), 1);
  const auto second =
      with(change_of("pkg"), PutVersion{version_record("2.0.0")}, SetTag{"latest", "2.0.0"});
  EXPECT_EQ(batches_of([&] { ASSERT_TRUE(run(there_.packages->apply(second))); }), 2);
}

TEST_F(D1Batches, of_two_that_decided_by_one_state_the_slower_decides_again) {
  ASSERT_TRUE(run(here_.packages->apply(first_publish("pkg", ann_))));
  std::vector<Task<AppliedChange>> changes;
  for (auto* stores : {&here_, &there_})
    changes.push_back(
        stores->packages->apply(with(change_of("pkg"), PutVersion{version_record("2.0.0")})));
  // The one is about to commit when the other comes in between.
  d1_.bridge().before_batch(2, [&] {
    auto other = std::move(changes[1]);
    EXPECT_TRUE(run(std::move(other)));
  });
  const auto slower = run(std::move(changes[0]));
  ASSERT_FALSE(slower);
  EXPECT_EQ(slower.error().code, Code::version_exists);
}

TEST_F(D1Batches, what_the_latest_batch_of_a_request_told_is_not_asked_again) {
  const auto id = run(here_.packages->apply(first_publish("pkg", ann_))).value().id;
  d1_.session().begin_request();
  const auto find = [&] { EXPECT_TRUE(run(here_.packages->find(key_of("pkg"))).value()); };
  EXPECT_EQ(batches_of(find), 1);
  EXPECT_EQ(batches_of(find), 0);
  EXPECT_EQ(batches_of([&] { (void)run(here_.packages->find_version(id, "1.0.0")); }), 1);
  EXPECT_EQ(batches_of(find), 1) << "an older state than what was read meanwhile";
  d1_.session().begin_request();
  EXPECT_EQ(batches_of(find), 1);
}

TEST_F(D1Batches, what_was_rehearsed_comes_with_the_next_question) {
  const auto id = run(here_.packages->apply(first_publish("pkg", ann_))).value().id;
  const auto second = with(change_of("pkg"), PutVersion{version_record("2.0.0")});
  d1_.session().begin_request();
  const auto act = [&] {
    (void)run(here_.packages->find(key_of("pkg")));
    EXPECT_FALSE(run(here_.packages->find_version(id, "2.0.0")).value());
    EXPECT_TRUE(run(here_.packages->apply(second)));
  };
  const auto rehearse = [&] {
    d1_.session().begin();
    auto version = here_.packages->find_version(id, "2.0.0");
    version.start();
    EXPECT_TRUE(version.done());
    auto apply = here_.packages->apply(second);
    apply.start();
    EXPECT_FALSE(apply.done());
    d1_.session().end();
  };
  (void)run(here_.packages->find(key_of("pkg")));
  EXPECT_EQ(batches_of(rehearse), 0);
  EXPECT_EQ(batches_of(act), 2);
  EXPECT_TRUE(run(there_.packages->find_version(id, "2.0.0")).value());
}

TEST_F(D1Batches, a_change_is_never_refused_by_what_was_only_remembered) {
  ASSERT_TRUE(run(here_.packages->apply(first_publish("pkg", ann_))));
  d1_.session().begin_request();
  const auto tag = with(change_of("pkg"), RemoveVersion{"2.0.0"});
  EXPECT_EQ(run(here_.packages->apply(tag)).error().code, Code::version_not_found);
  const auto put = with(change_of("pkg"), PutVersion{version_record("2.0.0")});
  ASSERT_TRUE(run(there_.packages->apply(put)));
  EXPECT_TRUE(run(here_.packages->apply(tag)));
}

TEST_F(D1Batches, what_is_known_of_many_packages_is_one_batch) {
  std::vector<std::string> names;
  for (int i = 0; i < 900; ++i) names.push_back("pkg-" + std::to_string(i));
  EXPECT_EQ(batches_of([&] { ASSERT_TRUE(run(here_.advisories->about_each("npm", names))); }), 1);
}

TEST_F(D1Batches, an_error_of_the_database_is_the_answer_and_nothing_has_changed) {
  d1_.bridge().fail_next({Code::storage_failed, {}, "the network was down"});
  const auto refused = run(here_.packages->apply(first_publish("pkg", ann_)));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::storage_failed);
  EXPECT_FALSE(run(there_.packages->find(key_of("pkg"))).value());
  EXPECT_TRUE(run(here_.packages->apply(first_publish("pkg", ann_))));
}

TEST_F(D1Batches, integers_beyond_what_doubles_hold_survive) {
  constexpr std::uint64_t kLarge = (std::uint64_t{1} << 53) + 1;
  auto change = first_publish("pkg", ann_);
  std::get<PutVersion>(change.ops.front()).record.archive.size = kLarge;
  const auto applied = run(here_.packages->apply(change)).value();
  EXPECT_EQ(run(here_.packages->find_version(applied.id, "1.0.0")).value()->archive.size, kLarge);
}

}  // namespace
}  // namespace kontor::test
