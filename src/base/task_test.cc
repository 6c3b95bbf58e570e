// Task: values, errors, parking, cancellation and stack depth.
#include "base/task.h"

#include <gtest/gtest.h>

namespace kontor {
namespace {

struct Gate {  // parks its awaiter until open() is called
  std::coroutine_handle<> waiting;
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> h) noexcept { waiting = h; }
  void await_resume() const noexcept {}
  void open() { std::exchange(waiting, {}).resume(); }
};

struct Pass {  // borrows a gate; temporaries in co_await must not copy it
  Gate* gate;
  explicit Pass(Gate* g) : gate(g) {}
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> h) noexcept { gate->waiting = h; }
  void await_resume() const noexcept {}
};

Task<int> seven() { co_return 7; }
Task<int> refuse() { co_return fail(Code::not_found, "no such thing"); }
Task<int> unwrap_refusal() {
  const int n = co_await Result<int>(fail(Code::conflict));
  co_return n;
}
Task<> nothing() { co_return {}; }

Task<int> sum(int n) {
  int total = 0;
  for (int i = 0; i < n; ++i) total += co_await seven();
  co_await nothing();
  co_return total;
}

Task<int> through(Gate* gate, bool* after) {
  co_await Pass(gate);
  *after = true;
  co_return co_await seven();
}

Task<int> look_at_error() {
  auto result = co_await whole(refuse());
  co_return result ? 0 : static_cast<int>(result.error().code);
}

Task<int> passes_error_on(bool* reached) {
  const int n = co_await refuse();
  *reached = true;
  co_return n;
}

template <class T>
Result<T> run(Task<T> task) {
  task.start();
  EXPECT_TRUE(task.done());
  return task.take();
}

TEST(Task, yields_the_value_of_its_children) { EXPECT_EQ(run(sum(3)), 21); }

TEST(Task, does_not_grow_the_stack_with_children_that_finish_inline) {
  EXPECT_EQ(run(sum(1'000'000)), 7'000'000);
}

TEST(Task, an_error_ends_the_awaiting_coroutine) {
  bool reached = false;
  const auto result = run(passes_error_on(&reached));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Code::not_found);
  EXPECT_EQ(result.error().detail, "no such thing");
  EXPECT_FALSE(reached);
}

TEST(Task, a_plain_result_can_be_awaited) {
  EXPECT_EQ(run(unwrap_refusal()).error().code, Code::conflict);
}

TEST(Task, whole_shows_the_error) {
  EXPECT_EQ(run(look_at_error()), static_cast<int>(Code::not_found));
}

TEST(Task, parks_and_resumes) {
  Gate gate;
  bool after = false;
  auto task = through(&gate, &after);
  task.start();
  EXPECT_FALSE(task.done());
  EXPECT_FALSE(after);
  gate.open();
  ASSERT_TRUE(task.done());
  EXPECT_EQ(task.take(), 7);
}

Task<int> parent_of(Gate* gate, bool* after) { co_return 1 + co_await through(gate, after); }

TEST(Task, resumes_a_parent_when_a_parked_child_ends) {
  Gate gate;
  bool after = false;
  int told = 0;
  auto task = parent_of(&gate, &after);
  task.start([](void* n) { ++*static_cast<int*>(n); }, &told);
  EXPECT_EQ(told, 0);
  gate.open();
  EXPECT_EQ(told, 1);
  EXPECT_EQ(task.take(), 8);
}

struct Flag {
  bool* destroyed;
  ~Flag() { *destroyed = true; }
};
Task<int> holds(Gate* gate, bool* destroyed) {
  Flag flag{destroyed};
  co_await Pass(gate);
  co_return 0;
}
Task<int> holds_outer(Gate* gate, bool* destroyed) { co_return co_await holds(gate, destroyed); }

TEST(Task, destroying_a_parked_task_destroys_its_child) {
  Gate gate;
  bool destroyed = false;
  {
    auto task = holds_outer(&gate, &destroyed);
    task.start();
    EXPECT_FALSE(destroyed);
  }
  EXPECT_TRUE(destroyed);
}

}  // namespace
}  // namespace kontor
