#pragma once
// Runs tasks on a loop from another thread, which waits for them: for start and stop of a process
// and for commands, never while serving.
#include "ports/loop.h"

#include <future>
#include <memory>
#include <optional>

namespace kontor {

// Starts a task on a loop, which must be running and stay so until the task has ended.
template <class T>
std::future<Result<T>> start_on(Loop& loop, std::move_only_function<Task<T>()> make) {
  struct State {
    Loop& loop;
    std::move_only_function<Task<T>()> make;
    std::optional<Task<T>> task;
    std::promise<Result<T>> result;
    std::shared_ptr<State> self;  // while the task runs
  };
  auto state = std::make_shared<State>(State{loop, std::move(make), {}, {}, {}});
  auto result = state->result.get_future();
  state->self = state;
  loop.post([state] {
    state->task.emplace(state->make());
    state->task->start(
        [](void* context) {
          // A finished task may not be destroyed from inside its last step.
          auto* s = static_cast<State*>(context);
          s->loop.post([s] {
            const auto self = std::move(s->self);
            Result<T> out = s->task->take();
            s->task.reset();
            s->result.set_value(std::move(out));
          });
        },
        state.get());
  });
  return result;
}

template <class T>
Result<T> run_blocking(Loop& loop, std::move_only_function<Task<T>()> make) {
  return start_on<T>(loop, std::move(make)).get();
}

}  // namespace kontor
