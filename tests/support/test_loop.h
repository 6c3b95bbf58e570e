#pragma once
// A Loop for tests: work runs on the thread that calls run(). Posting is safe from any thread.
#include "base/task.h"
#include "ports/loop.h"

#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <mutex>

namespace kontor::test {

class TestLoop final : public Loop {
 public:
  void post(std::move_only_function<void()> work) override {
    const std::scoped_lock lock(mutex_);
    queue_.push_back(std::move(work));
    arrived_.notify_one();
  }

  // Starts the task and runs posted work until it has ended. A task that nothing wakes within a
  // minute is a bug: the process aborts rather than hang.
  template <class T>
  Result<T> run(Task<T> task) {
    task.start();
    run_until([&] { return task.done(); });
    return task.take();
  }

  // Starts all tasks, then runs until each has ended; results in the same order.
  template <class T>
  std::vector<Result<T>> run_all(std::vector<Task<T>> tasks) {
    for (auto& task : tasks) task.start();
    std::vector<Result<T>> results;
    for (auto& task : tasks) {
      run_until([&] { return task.done(); });
      results.push_back(task.take());
    }
    return results;
  }

  template <class Done>
  void run_until(Done done) {
    while (!done()) next()();
  }

  // Runs what is queued now and what that posts; true if there was anything.
  bool run_ready() {
    bool any = false;
    while (auto work = try_next()) {
      work();
      any = true;
    }
    return any;
  }

 private:
  std::move_only_function<void()> next() {
    std::unique_lock lock(mutex_);
    if (!arrived_.wait_for(lock, std::chrono::minutes(1), [&] { return !queue_.empty(); })) {
      std::fputs("TestLoop: nothing wakes the task\n", stderr);
      std::abort();
    }
    return pop();
  }
  std::move_only_function<void()> try_next() {
    const std::scoped_lock lock(mutex_);
    return queue_.empty() ? nullptr : pop();
  }
  std::move_only_function<void()> pop() {
    auto work = std::move(queue_.front());
    queue_.pop_front();
    return work;
  }

  std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<std::move_only_function<void()>> queue_;
};

}  // namespace kontor::test
