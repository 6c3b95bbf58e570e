#pragma once
// Runs a task on a loop and waits for it on another thread: for start and stop of a process, never
// while serving.
#include <future>
#include <memory>
#include <optional>

#include "ports/loop.h"

namespace kontor {

// The loop must be running, and stay so until this returns.
template <class T>
Result<T> run_blocking(Loop& loop, std::move_only_function<Task<T>()> make) {
  struct State {
    Loop& loop;
    std::move_only_function<Task<T>()> make;
    std::optional<Task<T>> task;
    std::promise<Result<T>> result;
  };
  auto state = std::make_shared<State>(State{loop, std::move(make), {}, {}});
  auto result = state->result.get_future();
  loop.post([state] {
    state->task.emplace(state->make());
    state->task->start(
        [](void* context) {
          // A finished task may not be destroyed from inside its last step.
          auto* s = static_cast<State*>(context);
          s->loop.post([s] {
            Result<T> out = s->task->take();
            s->task.reset();
            s->result.set_value(std::move(out));
          });
        },
        state.get());
  });
  return result.get();
}

}  // namespace kontor
