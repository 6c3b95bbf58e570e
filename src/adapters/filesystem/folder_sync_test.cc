// Folders are synced by whoever is free, and by the caller where nobody is.
#include "adapters/filesystem/folder_sync.h"

#include "tests/support/temp_folder.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <thread>

namespace kontor::fs {
namespace {

class Threads final : public Workers {
 public:
  bool submit(std::move_only_function<void()> work) override {
    threads_.emplace_back(std::move(work));
    return true;
  }
  std::size_t count() const { return threads_.size(); }

 private:
  std::vector<std::jthread> threads_;
};

// Takes work and never does it, as busy workers do for a while.
class Busy final : public Workers {
 public:
  bool submit(std::move_only_function<void()> work) override {
    held.push_back(std::move(work));
    return true;
  }
  std::vector<std::move_only_function<void()>> held;
};

class Refusing final : public Workers {
 public:
  bool submit(std::move_only_function<void()>) override {
    ++asked;
    return false;
  }
  int asked = 0;
};

class FolderSync : public testing::Test {
 protected:
  std::vector<std::string> make(std::size_t count) {
    std::vector<std::string> folders;
    for (std::size_t i = 0; i < count; ++i) {
      folders.push_back(folder_.path() + "/" + std::to_string(i));
      std::filesystem::create_directory(folders.back());
    }
    return folders;
  }
  test::TempFolder folder_;
};

TEST_F(FolderSync, is_shared_among_threads) {
  Threads threads;
  EXPECT_TRUE(sync_folders(make(100), threads));
  EXPECT_EQ(threads.count(), 7u);
}

TEST_F(FolderSync, waits_for_no_worker_that_has_not_begun) {
  Busy busy;
  EXPECT_TRUE(sync_folders(make(9), busy));
  EXPECT_EQ(busy.held.size(), 7u);
  for (auto& late : busy.held) late();
}

TEST_F(FolderSync, is_done_by_the_caller_where_workers_refuse) {
  Refusing refusing;
  EXPECT_TRUE(sync_folders(make(9), refusing));
  EXPECT_EQ(refusing.asked, 1);
}

TEST_F(FolderSync, of_one_or_none_asks_nobody) {
  Refusing refusing;
  EXPECT_TRUE(sync_folders({}, refusing));
  EXPECT_TRUE(sync_folders(make(1), refusing));
  EXPECT_EQ(refusing.asked, 0);
}

TEST_F(FolderSync, tells_of_a_folder_that_is_not_there) {
  for (const std::size_t missing : {0u, 4u, 8u}) {
    auto folders = make(9);
    std::filesystem::remove(folders[missing]);
    Threads threads;
    EXPECT_FALSE(sync_folders(folders, threads));
  }
}

}  // namespace
}  // namespace kontor::fs
