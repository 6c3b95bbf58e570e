#pragma once
// The loop a task lives on, and threads that may block. Adapters that need another thread take
// both; the core sees neither.
#include "base/task.h"

#include <functional>

namespace kontor {

// One thread's queue of work. post() may be called from any thread; work runs on the loop's own
// thread in order of posting. Work still queued when the loop ends is dropped unrun.
class Loop {
 public:
  virtual ~Loop() = default;
  virtual void post(std::move_only_function<void()> work) = 0;
};

// Threads for work that blocks or computes long. submit() may be called from any thread; false
// when the bounded queue is full (answer `unavailable`).
class Workers {
 public:
  virtual ~Workers() = default;
  virtual bool submit(std::move_only_function<void()> work) = 0;
};

}  // namespace kontor
