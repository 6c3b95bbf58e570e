#pragma once
// Task<T>: a lazy coroutine that finishes with Result<T>.
//
//   co_await task         yields T; an error ends the awaiting coroutine with the same error
//   co_await whole(task)  yields Result<T>, for the caller that wants to look at the error
//   co_await result       the same for a plain Result<T>, so no macro is needed
//
// Threads: a task runs on one thread. A port resumes its caller on the thread that called it.
// Stack: a child that finishes without suspending does not grow the stack; its parent resumes
// itself by returning false from await_suspend (compilers do not always turn symmetric transfer
// into a tail call: g++ at -O0, ASan, wasm without -mtail-call).
// Cancellation: destroying a Task destroys its frame and, through it, the child it waits for.
// Whoever holds the bare handle of a parked coroutine must forget it when its awaiter is destroyed.
#include <coroutine>
#include <cstdlib>
#include <optional>
#include <utility>

#include "base/error.h"

namespace kontor {

template <class T = void>
class Task;

namespace task_detail {

// The part of a coroutine its neighbours see, whatever its result type.
struct Frame {
  std::coroutine_handle<> self;
  Frame* parent = nullptr;
  bool parent_wants_value = true;
  bool met = false;  // set by whichever comes first: the child finishes, the parent parks
  Error* (*error)(Frame&) noexcept = nullptr;  // my error, or null where I hold a value
  void (*fail)(Frame&, Error&&) noexcept = nullptr;
  void (*on_done)(void*) = nullptr;  // root tasks only: told once, as the last act of the frame
  void* on_done_context = nullptr;

  bool meet() noexcept { return std::exchange(met, true); }

  void finished() noexcept {
    if (on_done) return on_done(on_done_context);
    if (!parent || !meet()) return;
    if (Error* e = parent_wants_value ? error(*this) : nullptr)
      parent->fail(*parent, std::move(*e));
    else
      parent->self.resume();
  }
};

template <class T>
struct Whole {
  Task<T> task;
};

template <class T>
struct Output {
  std::optional<Result<T>> out;
  template <class U>
  void return_value(U&& value) {
    out.emplace(std::forward<U>(value));
  }
};
// A Task<void> ends by `co_return {}` or by an error; both are Result<void>.
template <>
struct Output<void> {
  std::optional<Result<void>> out;
  void return_value(Result<void> value) { out.emplace(std::move(value)); }
};

}  // namespace task_detail

template <class T>
class [[nodiscard]] Task {
 public:
  struct promise_type;
  using Handle = std::coroutine_handle<promise_type>;
  using value_type = T;

  Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, {})) {}
  Task& operator=(Task&& other) noexcept {
    if (this != &other) {
      if (handle_) handle_.destroy();
      handle_ = std::exchange(other.handle_, {});
    }
    return *this;
  }
  Task(const Task&) = delete;
  Task& operator=(const Task&) = delete;
  ~Task() {
    if (handle_) handle_.destroy();
  }

  // For the owner of a root task only: runs it to its first suspension. `on_done(context)` is
  // called once when the result is there; it may not destroy the task from inside the call.
  void start(void (*on_done)(void*) = nullptr, void* context = nullptr) {
    handle_.promise().on_done = on_done;
    handle_.promise().on_done_context = context;
    handle_.resume();
  }
  bool done() const { return handle_.promise().out.has_value(); }
  Result<T> take() { return std::move(*handle_.promise().out); }

 private:
  template <class>
  friend class Task;
  explicit Task(Handle handle) : handle_(handle) {}

  template <class U, bool kValue>
  struct Join {
    Task<U> child;
    explicit Join(Task<U> task) : child(std::move(task)) {}
    bool await_ready() const noexcept { return false; }
    bool await_suspend(Handle me) noexcept {
      auto& c = child.handle_.promise();
      c.parent = &me.promise();
      c.parent_wants_value = kValue;
      child.handle_.resume();
      if (!c.meet()) return true;  // still running: park
      if (kValue && !c.out->has_value()) {
        me.promise().finish(std::unexpected(std::move(c.out->error())));
        return true;  // never resumed again
      }
      return false;
    }
    auto await_resume() {
      if constexpr (!kValue)
        return Result<U>(std::move(*child.handle_.promise().out));
      else if constexpr (!std::is_void_v<U>)
        return U(std::move(**child.handle_.promise().out));
    }
  };

  template <class U>
  struct Unwrap {
    Result<U> result;
    explicit Unwrap(Result<U> r) : result(std::move(r)) {}
    bool await_ready() const noexcept { return result.has_value(); }
    void await_suspend(Handle me) noexcept {
      me.promise().finish(std::unexpected(std::move(result.error())));
    }
    U await_resume() {
      if constexpr (!std::is_void_v<U>) return std::move(*result);
    }
  };

  Handle handle_;
};

template <class T>
struct Task<T>::promise_type : task_detail::Frame, task_detail::Output<T> {
  promise_type() {
    this->self = Handle::from_promise(*this);
    this->error = [](Frame& f) noexcept -> Error* {
      auto& out = static_cast<promise_type&>(f).out;
      return out->has_value() ? nullptr : &out->error();
    };
    this->fail = [](Frame& f, Error&& e) noexcept {
      static_cast<promise_type&>(f).finish(std::unexpected(std::move(e)));
    };
  }
  // Ends the coroutine from outside while it is parked; its frame is destroyed by its owner.
  void finish(Result<T> result) noexcept {
    this->out.emplace(std::move(result));
    this->finished();
  }

  Task get_return_object() { return Task(Handle::from_promise(*this)); }
  std::suspend_always initial_suspend() const noexcept { return {}; }
  auto final_suspend() const noexcept {
    struct Last {
      bool await_ready() const noexcept { return false; }
      void await_suspend(Handle me) const noexcept { me.promise().finished(); }
      void await_resume() const noexcept {}
    };
    return Last{};
  }
  [[noreturn]] void unhandled_exception() const noexcept { std::abort(); }

  template <class U>
  auto await_transform(Task<U> task) {
    return typename Task<T>::template Join<U, true>(std::move(task));
  }
  template <class U>
  auto await_transform(task_detail::Whole<U> w) {
    return typename Task<T>::template Join<U, false>(std::move(w.task));
  }
  template <class U>
  auto await_transform(Result<U> r) {
    return typename Task<T>::template Unwrap<U>(std::move(r));
  }
  template <class A>
    requires requires(A& a) { a.await_ready(); }
  A&& await_transform(A&& awaiter) {
    return std::forward<A>(awaiter);
  }
};

template <class T>
task_detail::Whole<T> whole(Task<T> task) {
  return {std::move(task)};
}

}  // namespace kontor
