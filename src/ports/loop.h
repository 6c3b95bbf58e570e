#pragma once
// The loop a task lives on, and threads that may block. Adapters that need another thread take
// both; the core sees neither.
#include "base/task.h"

#include <functional>

namespace kontor {

// What a loop or a worker runs once. The library of the wasm host has no move-only function; what
// is posted there can be copied.
#ifdef __cpp_lib_move_only_function
using Work = std::move_only_function<void()>;
#else
using Work = std::function<void()>;
#endif

// One thread's queue of work. post() may be called from any thread; work runs on the loop's own
// thread in order of posting. Work still queued when the loop ends is dropped unrun.
class Loop {
 public:
  virtual ~Loop() = default;
  virtual void post(Work work) = 0;
};

// Threads for work that blocks or computes long. submit() may be called from any thread; false
// when the bounded queue is full (answer `unavailable`).
class Workers {
 public:
  virtual ~Workers() = default;
  virtual bool submit(Work work) = 0;
};

}  // namespace kontor
