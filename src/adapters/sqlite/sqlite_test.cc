// The SQLite stores keep the promises of their ports, and what only they can get wrong.
#include "adapters/sqlite/account_store.h"
#include "adapters/sqlite/advisory_store.h"
#include "adapters/sqlite/device_login_store.h"
#include "adapters/sqlite/git_connection_store.h"
#include "adapters/sqlite/local_session.h"
#include "adapters/sqlite/log_store.h"
#include "adapters/sqlite/package_store.h"
#include "adapters/sqlite/purchase_store.h"
#include "adapters/sqlite/rate_store.h"
#include "adapters/sqlite/store_audit.h"
#include "tests/conformance/store_harness.h"
#include "tests/support/temp_folder.h"

namespace kontor::test {
namespace {

// One database in a folder of its own, with stores for as many loops as are asked for.
class SqliteStores final : public StoreHarness {
 public:
  SqliteStores() {
    auto opened = sqlite::Database::open({folder_.path() + "/kontor.db", kNoon, {}});
    EXPECT_TRUE(opened) << opened.error().cause;
    database_ = std::move(*opened);
  }
  Stores open(Loop& loop) override {
    auto session = sqlite::LocalSession::open(*database_, loop);
    EXPECT_TRUE(session);
    const std::scoped_lock lock(mutex_);
    sessions_.push_back(std::move(*session));
    return {std::make_unique<sqlite::PackageStore>(*sessions_.back()),
            std::make_unique<sqlite::AccountStore>(*sessions_.back()),
            std::make_unique<sqlite::StoreAudit>(*sessions_.back()),
            std::make_unique<sqlite::LogStore>(*sessions_.back()),
            std::make_unique<sqlite::AdvisoryStore>(*sessions_.back()),
            std::make_unique<sqlite::RateStore>(*sessions_.back()),
            std::make_unique<sqlite::DeviceLoginStore>(*sessions_.back()),
            std::make_unique<sqlite::PurchaseStore>(*sessions_.back()),
            std::make_unique<sqlite::GitConnectionStore>(*sessions_.back())};
  }

 private:
  TempFolder folder_;
  std::unique_ptr<sqlite::Database> database_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<sqlite::Session>> sessions_;
};

std::unique_ptr<StoreHarness> make_stores() {
  return std::make_unique<SqliteStores>();
}

INSTANTIATE_TEST_SUITE_P(Sqlite, PackageStoreSuite, testing::Values(&make_stores));
INSTANTIATE_TEST_SUITE_P(Sqlite, SearchSuite, testing::Values(&make_stores));
INSTANTIATE_TEST_SUITE_P(Sqlite, AccountStoreSuite, testing::Values(&make_stores));
INSTANTIATE_TEST_SUITE_P(Sqlite, StoreAuditSuite, testing::Values(&make_stores));
INSTANTIATE_TEST_SUITE_P(Sqlite, AdvisoryStoreSuite, testing::Values(&make_stores));
INSTANTIATE_TEST_SUITE_P(Sqlite, LogStoreSuite, testing::Values(&make_stores));
INSTANTIATE_TEST_SUITE_P(Sqlite, ConcurrentStoreSuite, testing::Values(&make_stores));

}  // namespace
}  // namespace kontor::test
