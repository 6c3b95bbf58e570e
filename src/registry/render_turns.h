#pragma once
// Takes long renderings of one loop one after the other, and lets other work of the loop run in
// between. Where there is no loop (a host that answers one request at a time) nothing waits.
#include "base/task.h"
#include "ports/handoff.h"
#include "ports/loop.h"

#include <utility>
#include <vector>

namespace kontor {

class RenderTurns {
 public:
  explicit RenderTurns(Loop* loop) : loop_(loop) {}

  // Held by the one that renders; its end wakes all that wait.
  class Turn {
   public:
    Turn() = default;
    explicit Turn(RenderTurns* turns) : turns_(turns) {}
    Turn(Turn&& other) noexcept : turns_(std::exchange(other.turns_, nullptr)) {}
    Turn& operator=(Turn&& other) noexcept {
      std::swap(turns_, other.turns_);
      return *this;
    }
    ~Turn() {
      if (turns_) turns_->release();
    }

   private:
    RenderTurns* turns_ = nullptr;
  };

  bool taken() const { return taken_; }
  Turn take();            // not while it is taken
  Task<> wait_for_end();  // of the turn that is taken; others may be faster to take the next
  Task<> pass();          // runs what else waits on the loop

 private:
  void release();

  Loop* loop_;
  bool taken_ = false;
  std::vector<HandoffSender<void>> waiting_;
};

}  // namespace kontor
