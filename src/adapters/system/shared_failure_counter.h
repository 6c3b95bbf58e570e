#pragma once
// FailureCounter of all loops of one process.
#include "domain/failure_window.h"
#include "ports/failure_counter.h"

#include <mutex>

namespace kontor::host {

// Any thread. Forgotten when the process ends.
class SharedFailureCounter final : public FailureCounter {
 public:
  explicit SharedFailureCounter(FailureLimits limits) : window_(limits) {}

  Task<std::optional<Duration>> blocked(std::string key, Timestamp now) override {
    const std::lock_guard lock(mutex_);
    co_return window_.blocked(key, now);
  }
  Task<> failed(std::string key, Timestamp now) override {
    const std::lock_guard lock(mutex_);
    window_.failed(key, now);
    co_return {};
  }
  Task<> succeeded(std::string key) override {
    const std::lock_guard lock(mutex_);
    window_.succeeded(key);
    co_return {};
  }

 private:
  std::mutex mutex_;
  FailureWindow window_;
};

}  // namespace kontor::host
