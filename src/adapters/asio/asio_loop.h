#pragma once
// Loop over a Boost.Asio io_context with a thread of its own.
#include "base/time.h"
#include "ports/loop.h"

#include <functional>
#include <memory>

namespace kontor::net {

class Reactor;

class AsioLoop final : public Loop {
 public:
  AsioLoop();
  AsioLoop(const AsioLoop&) = delete;
  ~AsioLoop() override;  // stops

  void start();  // begins to run work on a thread of its own; once
  void stop();   // ends the thread; work still queued, and posted later, is dropped unrun

  void post(std::move_only_function<void()> work) override;
  // Runs `work` on the loop after `delay`; dropped where the loop has ended. Any thread.
  void post_after(Duration delay, std::move_only_function<void()> work);
  // Runs `work` on the loop's thread and returns when it is done. Runs it right here where the
  // loop is not running, or is the caller.
  void call(std::move_only_function<void()> work);

  Reactor& reactor();  // for adapters; loop's thread only while it runs

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace kontor::net
