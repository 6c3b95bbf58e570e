// Waiting for the log: woken by the publisher's thread, given up after a time, never too many.
#include "apps/server/log_progress.h"

#include "apps/server/run_blocking.h"

#include <gtest/gtest.h>

#include <future>
#include <thread>

namespace kontor {
namespace {

constexpr LogPlace kFifth{LogId::open, 5};

struct LogProgressTest : testing::Test {
  LogProgressTest() { loop.start(); }
  ~LogProgressTest() override { loop.stop(); }
  Result<bool> wait(Duration at_most, LogPlace place = kFifth) {
    return run_blocking<bool>(loop, [&] { return progress.wait_for(place, at_most); });
  }
  net::AsioLoop loop;
  PublishedLogs logs;
  ShardLogProgress progress{logs, loop};
};

TEST_F(LogProgressTest, what_is_published_needs_no_waiting) {
  logs.set_size(LogId::open, 6);
  EXPECT_TRUE(wait(hours(1)).value());
  EXPECT_TRUE(wait(hours(1), {LogId::open, 0}).value());
}

TEST_F(LogProgressTest, a_waiter_is_woken_when_its_leaf_is_covered_and_not_before) {
  auto waiting = std::async(std::launch::async, [&] { return wait(hours(1)); });
  logs.set_size(LogId::restricted, 100);
  logs.set_size(LogId::open, 5);
  logs.set_size(LogId::open, 6);
  EXPECT_TRUE(waiting.get().value());
}

TEST_F(LogProgressTest, waiting_ends_after_the_time) {
  EXPECT_FALSE(wait(Duration{1}).value());
  logs.set_size(LogId::open, 6);  // nobody waits any more
  EXPECT_TRUE(wait(Duration{1}).value());
}

TEST_F(LogProgressTest, many_wait_and_one_too_many_is_sent_away) {
  std::vector<Task<bool>> tasks;
  loop.call([&] {
    for (std::size_t i = 0; i < PublishedLogs::kMostWaiting; ++i) {
      tasks.push_back(progress.wait_for(kFifth, hours(1)));
      tasks.back().start();
    }
  });
  EXPECT_FALSE(wait(hours(1)).value());
  logs.set_size(LogId::open, 6);
  loop.call([&] {});  // the answers were posted before
  loop.call([&] {
    for (auto& task : tasks) {
      ASSERT_TRUE(task.done());
      EXPECT_TRUE(task.take().value());
    }
    tasks.clear();
  });
}

}  // namespace
}  // namespace kontor
