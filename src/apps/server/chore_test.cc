// Chores on a real loop: they come again, never twice at once, and outlive a failure.
#include "apps/server/chore.h"

#include "ports/handoff.h"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>

namespace kontor {
namespace {

Log quiet() {
  return Log(LogLevel::off, LogFormat::json);
}

Task<> fail_now() {
  co_return fail(Code::storage_failed);
}
Task<> succeed() {
  co_return {};
}

TEST(Chore, comes_again_also_after_a_failure) {
  net::AsioLoop loop;
  Log log = quiet();
  std::latch three(3);
  std::atomic<int> runs = 0;
  Chore chore({loop, log, "chore_failed", [&] {
                 if (++runs <= 3) three.count_down();
                 return runs == 1 ? fail_now() : succeed();
               }});
  loop.start();
  chore.repeat({1});
  three.wait();
  loop.stop();
  EXPECT_GE(runs, 3);
}

// A task that ends when the test says so, from another thread.
struct Gate {
  Loop& home;
  std::atomic<int> entered = 0;
  std::vector<HandoffSender<void>> waiting;  // loop's thread

  Task<> pass() {
    Handoff<void> handoff(home);
    waiting.push_back(std::move(handoff.sender));
    ++entered;
    Result<void> result = co_await handoff.receiver;
    co_return result;
  }
};

TEST(Chore, runs_once_at_a_time_and_once_more_for_whoever_came_meanwhile) {
  net::AsioLoop loop;
  Log log = quiet();
  Gate gate{loop};
  Chore chore({loop, log, "chore_failed", [&gate] { return gate.pass(); }});
  loop.start();
  std::latch first(1), second(1);
  chore.run_then([&] { first.count_down(); });
  chore.run_then([&] { second.count_down(); });
  const auto open_gate = [&] {
    loop.call([&] {
      ASSERT_EQ(gate.waiting.size(), 1u) << "never two at once";
      gate.waiting.back().send({});
      gate.waiting.clear();
    });
  };
  loop.call([] {});
  EXPECT_EQ(gate.entered, 1);
  open_gate();
  first.wait();
  loop.call([] {});
  EXPECT_EQ(gate.entered, 2) << "work that came up during a run gets a run of its own";
  open_gate();
  second.wait();
  loop.stop();
}

}  // namespace
}  // namespace kontor
