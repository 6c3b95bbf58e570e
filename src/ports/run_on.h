#pragma once
// run_on(): the bridge between a coroutine and a worker thread. Included by ports/loop.h.
#include <memory>

#include "ports/loop.h"

namespace kontor {
namespace run_on_detail {

// Shared by the awaiter (home thread) and the work. The worker writes `result` before it posts;
// only the home thread touches `waiting`, and reads `result` only after the post.
template <class T>
struct State {
  std::optional<Result<T>> result;
  std::coroutine_handle<> waiting;
};

template <class T>
struct Awaiter {
  std::shared_ptr<State<T>> state;
  explicit Awaiter(std::shared_ptr<State<T>> s) : state(std::move(s)) {}
  Awaiter(const Awaiter&) = delete;
  ~Awaiter() { state->waiting = {}; }
  bool await_ready() const noexcept { return false; }  // the result always comes by the home loop
  void await_suspend(std::coroutine_handle<> h) noexcept { state->waiting = h; }
  Result<T> await_resume() { return std::move(*state->result); }
};

}  // namespace run_on_detail

template <class T>
Task<T> run_on(Workers& workers, Loop& home, std::move_only_function<Result<T>()> work) {
  auto state = std::make_shared<run_on_detail::State<T>>();
  const bool queued = workers.submit([state, &home, work = std::move(work)]() mutable {
    state->result.emplace(work());
    home.post([state = std::move(state)] {
      if (state->waiting) std::exchange(state->waiting, {}).resume();
    });
  });
  if (!queued) co_return fail(Code::unavailable, {}, "worker queue full");
  run_on_detail::Awaiter<T> awaiter(std::move(state));
  Result<T> result = co_await awaiter;
  co_return result;
}

}  // namespace kontor
