#pragma once
// Handoff: a result that another thread makes and a coroutine on its home loop waits for. The
// sender may be moved between threads; the receiver stays in the coroutine's frame.
#include "ports/loop.h"

#include <memory>
#include <optional>

namespace kontor {
namespace handoff_detail {

// The sender writes `result` before it posts; only the home thread touches the rest, and reads
// `result` only once it has `arrived`.
template <class T>
struct State {
  std::optional<Result<T>> result;
  bool arrived = false;
  std::coroutine_handle<> waiting;
};

}  // namespace handoff_detail

// The side that works. Destroyed without send() it leaves the receiver waiting until that is
// destroyed, as when a host drops its queues at shutdown.
template <class T>
class HandoffSender {
 public:
  using State = handoff_detail::State<T>;
  HandoffSender(std::shared_ptr<State> state, Loop& home)
      : state_(std::move(state)), home_(&home) {}
  HandoffSender(HandoffSender&&) = default;
  HandoffSender& operator=(HandoffSender&&) = default;

  // Any thread, once.
  void send(Result<T> result) {
    state_->result.emplace(std::move(result));
    home_->post([state = std::move(state_)] {
      state->arrived = true;
      if (state->waiting) std::exchange(state->waiting, {}).resume();
    });
  }

 private:
  std::shared_ptr<State> state_;
  Loop* home_;
};

// The side that waits: `Result<T> r = co_await receiver;` on the home loop, once. Destroying it
// before the result has come drops the result.
template <class T>
class HandoffReceiver {
 public:
  using State = handoff_detail::State<T>;
  explicit HandoffReceiver(std::shared_ptr<State> state) : state_(std::move(state)) {}
  HandoffReceiver(HandoffReceiver&&) = default;  // while nobody waits
  ~HandoffReceiver() {
    if (state_) state_->waiting = {};
  }

  bool await_ready() const noexcept { return state_->arrived; }
  void await_suspend(std::coroutine_handle<> h) noexcept { state_->waiting = h; }
  Result<T> await_resume() { return std::move(*state_->result); }

 private:
  std::shared_ptr<State> state_;
};

template <class T>
struct Handoff {
  explicit Handoff(Loop& home) : Handoff(home, std::make_shared<handoff_detail::State<T>>()) {}
  HandoffReceiver<T> receiver;
  HandoffSender<T> sender;

 private:
  Handoff(Loop& home, std::shared_ptr<handoff_detail::State<T>> state)
      : receiver(state), sender(std::move(state), home) {}
};

}  // namespace kontor
