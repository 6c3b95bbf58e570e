// The folder of a log keeps the promises of its port.
#include "adapters/filesystem/log_files.h"

#include "tests/support/temp_folder.h"
#include "tests/support/test_loop.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace kontor::fs {
namespace {

constexpr LogId kLog = LogId::open;

class LogFolderTest : public testing::Test {
 protected:
  LogFolderTest() { EXPECT_TRUE(files.prepare()); }
  std::optional<Bytes> read(const std::string& path) { return *loop.run(files.read(kLog, path)); }

  test::TempFolder folder;
  LogFolder files{folder.path() + "/log"};
  test::TestLoop loop;
};

TEST_F(LogFolderTest, creates_files_with_their_folders) {
  ASSERT_TRUE(
      loop.run(files.create(kLog, {{"tile/0/x001/000", "a"}, {"tile/0/x001/001.p/7", ""}})));
  EXPECT_EQ(read("tile/0/x001/000"), "a");
  EXPECT_EQ(read("tile/0/x001/001.p/7"), "");
  EXPECT_EQ(read("tile/0/x001/002"), std::nullopt);
  EXPECT_EQ(*loop.run(files.read(LogId::audit, "tile/0/x001/000")), std::nullopt);
}

TEST_F(LogFolderTest, a_created_file_never_changes) {
  ASSERT_TRUE(loop.run(files.create(kLog, {{"tile/0/000", "a"}})));
  EXPECT_TRUE(loop.run(files.create(kLog, {{"tile/0/000", "a"}, {"tile/0/001", "b"}})));
  const auto refused = loop.run(files.create(kLog, {{"tile/0/002", "c"}, {"tile/0/000", "x"}}));
  EXPECT_EQ(refused.error().code, Code::conflict);
  EXPECT_EQ(read("tile/0/000"), "a");
  EXPECT_EQ(read("tile/0/001"), "b");
}

TEST_F(LogFolderTest, replaces_a_file_whole) {
  ASSERT_TRUE(loop.run(files.replace(kLog, {"checkpoint", "a longer text"})));
  ASSERT_TRUE(loop.run(files.replace(kLog, {"checkpoint", "short"})));
  EXPECT_EQ(read("checkpoint"), "short");
}

TEST_F(LogFolderTest, drops_partial_tiles_and_nothing_else) {
  ASSERT_TRUE(loop.run(
      files.create(kLog, {{"tile/0/000", "a"}, {"tile/0/000.p/7", "b"}, {"tile/0/001.p/7", "c"}})));
  ASSERT_TRUE(loop.run(files.drop_partials(kLog, {"tile/0/000", "tile/0/009"})));
  EXPECT_EQ(read("tile/0/000"), "a");
  EXPECT_EQ(read("tile/0/000.p/7"), std::nullopt);
  EXPECT_EQ(read("tile/0/001.p/7"), "c");
  EXPECT_FALSE(std::filesystem::exists(folder.path() + "/log/public/tile/0/000.p"));
}

TEST_F(LogFolderTest, a_start_sweeps_what_a_crash_left_behind) {
  const std::string left = folder.path() + "/log/public/staging/0";
  std::ofstream(left) << "half";
  ASSERT_TRUE(LogFolder(folder.path() + "/log").prepare());
  EXPECT_FALSE(std::filesystem::exists(left));
}

}  // namespace
}  // namespace kontor::fs
