#pragma once
// A fixed number of threads over one bounded queue.
#include "ports/loop.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

namespace kontor::host {

class ThreadWorkers final : public Workers {
 public:
  ThreadWorkers(std::size_t threads, std::size_t max_waiting);
  ~ThreadWorkers() override { stop(); }
  // Finishes what runs, drops what waits, refuses all else. Before anything that work refers to is
  // destroyed, loops above all; one thread.
  void stop();

  bool submit(std::move_only_function<void()> work) override;

 private:
  void run();

  const std::size_t max_waiting_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::move_only_function<void()>> waiting_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace kontor::host
