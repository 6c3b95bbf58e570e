// The in-memory adapters keep the promises of their ports.
#include "adapters/memory/account_store.h"
#include "adapters/memory/advisory_store.h"
#include "adapters/memory/blob_store.h"
#include "adapters/memory/failure_counter.h"
#include "adapters/memory/device_login_store.h"
#include "adapters/memory/git_connection_store.h"
#include "adapters/memory/fakes.h"
#include "adapters/memory/log_store.h"
#include "adapters/memory/package_store.h"
#include "adapters/memory/purchase_store.h"
#include "adapters/memory/rate_store.h"
#include "adapters/memory/store_audit.h"
#include "tests/conformance/blob_store_suite.h"
#include "tests/conformance/failure_counter_suite.h"
#include "tests/conformance/store_harness.h"

namespace kontor::test {
namespace {

class MemoryBlobs final : public BlobHarness {
 public:
  BlobStore& store() override { return store_; }
  BlobInventory& inventory() override { return inventory_; }
  void damage(const Sha256& digest) override { store_.blobs().bytes.at(digest)[0] ^= 1; }
  std::size_t leftovers() override { return 0; }

 private:
  memory::BlobStore store_;
  memory::BlobInventory inventory_{store_};
};

class MemoryStores final : public StoreHarness {
 public:
  Stores open(Loop&) override {
    return {std::make_unique<memory::PackageStore>(database_),
            std::make_unique<memory::AccountStore>(database_),
            std::make_unique<memory::StoreAudit>(database_),
            std::make_unique<memory::LogStore>(database_),
            std::make_unique<memory::AdvisoryStore>(database_),
            std::make_unique<memory::RateStore>(database_.rates),
            std::make_unique<memory::DeviceLoginStore>(database_),
            std::make_unique<memory::PurchaseStore>(database_),
            std::make_unique<memory::GitConnectionStore>(database_)};
  }

 private:
  memory::Database database_;
};

std::unique_ptr<StoreHarness> make_stores() {
  return std::make_unique<MemoryStores>();
}
std::unique_ptr<BlobHarness> make_blobs() {
  return std::make_unique<MemoryBlobs>();
}
std::unique_ptr<FailureCounter> make_counter() {
  return std::make_unique<memory::FailureCounter>(FailureLimits{3, seconds(60), 1000});
}

INSTANTIATE_TEST_SUITE_P(Memory, BlobStoreSuite, testing::Values(&make_blobs));
INSTANTIATE_TEST_SUITE_P(Memory, PackageStoreSuite, testing::Values(&make_stores));
INSTANTIATE_TEST_SUITE_P(Memory, SearchSuite, testing::Values(&make_stores));
INSTANTIATE_TEST_SUITE_P(Memory, AccountStoreSuite, testing::Values(&make_stores));
INSTANTIATE_TEST_SUITE_P(Memory, StoreAuditSuite, testing::Values(&make_stores));
INSTANTIATE_TEST_SUITE_P(Memory, AdvisoryStoreSuite, testing::Values(&make_stores));
INSTANTIATE_TEST_SUITE_P(Memory, LogStoreSuite, testing::Values(&make_stores));
INSTANTIATE_TEST_SUITE_P(Memory, FailureCounterSuite, testing::Values(&make_counter));

TEST(FailureWindow, forgets_the_key_that_failed_longest_ago_when_there_are_too_many) {
  FailureWindow window({1, seconds(60), 2});
  window.failed("a", {0});
  window.failed("b", {1});
  window.failed("a", {2});
  window.failed("c", {3});
  EXPECT_EQ(window.keys(), 2u);
  EXPECT_FALSE(window.blocked("b", {4}));
  EXPECT_TRUE(window.blocked("a", {4}));
  EXPECT_TRUE(window.blocked("c", {4}));
}

}  // namespace
}  // namespace kontor::test
