#pragma once
// What an adapter brings to the suites of PackageStore and AccountStore: a fresh store, opened for
// any number of loops.
#include "ports/account_store.h"
#include "ports/advisory_store.h"
#include "ports/device_login_store.h"
#include "ports/git_connection_store.h"
#include "ports/log_store.h"
#include "ports/package_store.h"
#include "ports/purchase_store.h"
#include "ports/rate_store.h"
#include "ports/store_audit.h"
#include "tests/support/package_builders.h"
#include "tests/support/test_loop.h"

#include <gtest/gtest.h>

#include <memory>

namespace kontor::test {

struct Stores {
  std::unique_ptr<PackageStore> packages;
  std::unique_ptr<AccountStore> accounts;
  std::unique_ptr<StoreAudit> audit;
  std::unique_ptr<LogStore> log;
  std::unique_ptr<AdvisoryStore> advisories;
  std::unique_ptr<RateStore> rates;
  std::unique_ptr<DeviceLoginStore> devices;
  std::unique_ptr<PurchaseStore> purchases;
  std::unique_ptr<GitConnectionStore> git;
};

class StoreHarness {
 public:
  virtual ~StoreHarness() = default;
  // Stores of one loop; all opened here share their rows. May be called from any thread where the
  // adapter allows several loops.
  virtual Stores open(Loop& loop) = 0;
  // Whether its stores tell by stamps that nothing has changed.
  virtual bool keeps_stamps() const { return true; }
};

using MakeStoreHarness = std::unique_ptr<StoreHarness> (*)();

// Common ground of the suites: one loop, its stores and two users.
class StoreFixture : public testing::TestWithParam<MakeStoreHarness> {
 protected:
  StoreFixture() : harness_(GetParam()()), stores_(harness_->open(loop_)) {}
  void SetUp() override {
    ann_ = must(accounts().create_user(user_named("ann")));
    bob_ = must(accounts().create_user(user_named("bob")));
  }

  PackageStore& packages() { return *stores_.packages; }
  AccountStore& accounts() { return *stores_.accounts; }
  StoreAudit& audit() { return *stores_.audit; }
  LogStore& log() { return *stores_.log; }
  DeviceLoginStore& devices() { return *stores_.devices; }
  PurchaseStore& purchases() { return *stores_.purchases; }
  GitConnectionStore& git() { return *stores_.git; }
  AdvisoryStore& advisories() { return *stores_.advisories; }

  template <class T>
  T must(Task<T> task) {
    auto result = loop_.run(std::move(task));
    if (!result)
      ADD_FAILURE() << info(result.error().code).name << ": " << result.error().message() << " ("
                    << result.error().cause << ')';
    if constexpr (!std::is_void_v<T>) return result ? std::move(*result) : T{};
  }
  // The code a task fails with; `internal` and a test failure where it succeeds.
  template <class T>
  Code refused(Task<T> task) {
    auto result = loop_.run(std::move(task));
    EXPECT_FALSE(result) << "succeeded";
    return result ? Code::internal : result.error().code;
  }

  AppliedChange apply(PackageChange change) { return must(packages().apply(std::move(change))); }
  Code apply_refused(PackageChange change) { return refused(packages().apply(std::move(change))); }
  PackageRecord load(const std::string& name) {
    auto record = must(packages().find(key_of(name)));
    EXPECT_TRUE(record) << name;
    return record.value_or(PackageRecord{});
  }
  std::vector<std::string> versions_of(PackageId id) {
    std::vector<std::string> numbers;
    for (auto& fragment : must(packages().fragments(id, FragmentKind::manifest)))
      numbers.push_back(fragment.version);
    return numbers;
  }

  TestLoop loop_;
  std::unique_ptr<StoreHarness> harness_;
  Stores stores_;
  UserId ann_, bob_;
};

class PackageStoreSuite : public StoreFixture {};
class SearchSuite : public StoreFixture {
 protected:
  std::vector<std::string> names_found(SearchQuery query);
  SearchPage find(SearchQuery query) { return must(packages().search(std::move(query))); }
  std::vector<std::string> names_listed(PackageListQuery query);
};
class AccountStoreSuite : public StoreFixture {};
class StoreAuditSuite : public StoreFixture {};
class AdvisoryStoreSuite : public StoreFixture {};
class LogStoreSuite : public StoreFixture {
 protected:
  // A first publish with its leaf, by ann.
  PackageChange logged_publish(std::string name, LogId log = LogId::open);
  std::vector<tlog::Leaf> leaves(LogId log);
};
// For adapters whose stores may be opened on several loops, each with its own thread.
class ConcurrentStoreSuite : public StoreFixture {};

}  // namespace kontor::test
