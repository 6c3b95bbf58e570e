// What is published against what the store holds: whichever of the two is another is found.
#include "registry/log/log_probe.h"

#include "adapters/memory/log_files.h"
#include "adapters/memory/log_store.h"
#include "registry/log/integrator.h"
#include "tests/support/test_loop.h"
#include "tests/support/test_signer.h"

#include <gmock/gmock.h>

namespace kontor {
namespace {

using testing::HasSubstr;

constexpr LogId kLog = LogId::open;

// Calls `meanwhile` before the first tile is read.
class ChangingFiles final : public LogFiles {
 public:
  explicit ChangingFiles(LogFiles& to) : to_(to) {}
  Task<std::optional<Bytes>> read(LogId log, std::string path) override {
    if (path != "checkpoint") std::exchange(meanwhile, [] {})();
    return to_.read(log, std::move(path));
  }
  Task<> create(LogId log, std::vector<LogFile> files) override {
    return to_.create(log, std::move(files));
  }
  Task<> replace(LogId log, LogFile file) override { return to_.replace(log, std::move(file)); }
  Task<> drop_partials(LogId log, std::vector<std::string> tiles) override {
    return to_.drop_partials(log, std::move(tiles));
  }

  std::function<void()> meanwhile = [] {};

 private:
  LogFiles& to_;
};

struct LogProbe : testing::Test {
  void publish(std::size_t leaves) {
    auto& log = database.logs[kLog];
    while (leaves-- > 0) log.push_back({0, "entry " + std::to_string(log.size())});
    if (!integrator) integrator = *loop.run(Integrator::open({store, files, signer}, kLog));
    ASSERT_TRUE(loop.run(integrator->publish()));
  }
  Result<void> probe() { return loop.run(probe_log(store, changing, kLog)); }
  // Why a broken log is not taken for a whole one.
  std::string cause() {
    const auto held = probe();
    if (held) return "nothing is found";
    EXPECT_EQ(held.error().code, Code::storage_failed);
    return held.error().cause;
  }

  memory::Database database;
  memory::LogStore store{database};
  memory::LogFolder files;
  ChangingFiles changing{files};
  test::TestSigner signer;
  test::TestLoop loop;
  std::unique_ptr<Integrator> integrator;
};

TEST_F(LogProbe, a_whole_log_of_any_size_is_fine) {
  EXPECT_TRUE(probe()) << "before the first checkpoint";
  for (const std::size_t leaves : {0, 1, 1, 254, 1, 300}) {
    publish(leaves);
    EXPECT_TRUE(probe()) << database.logs[kLog].size();
  }
  database.logs[kLog].push_back({0, "not published yet"});
  EXPECT_TRUE(probe());
}

TEST_F(LogProbe, an_old_copy_of_the_store_is_found) {
  publish(300);
  database.logs[kLog].resize(299);
  EXPECT_THAT(cause(), HasSubstr("public log: the store has fewer leaves than the 300"));
}

TEST_F(LogProbe, another_leaf_is_found) {
  publish(300);
  database.logs[kLog].back() = {0, "another"};
  EXPECT_THAT(cause(), HasSubstr("leaf 299 is not what was published"));
}

TEST_F(LogProbe, a_damaged_and_a_lost_tile_are_found) {
  publish(300);
  auto& tile = files.files.at({kLog, "tile/0/001.p/44"});
  tile[0] = static_cast<char>(tile[0] ^ 1);
  EXPECT_THAT(cause(), HasSubstr("leaf 299 is not what was published"));
  files.files.erase({kLog, "tile/0/001.p/44"});
  EXPECT_THAT(cause(), HasSubstr("no file tile/0/001"));
}

TEST_F(LogProbe, a_checkpoint_that_is_exchanged_meanwhile_is_looked_at_again) {
  publish(300);
  changing.meanwhile = [&] { publish(10); };
  EXPECT_TRUE(probe());
}

}  // namespace
}  // namespace kontor
