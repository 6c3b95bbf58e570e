#pragma once
// FailureCounter of one loop, in memory.
#include "domain/failure_window.h"
#include "ports/failure_counter.h"

namespace kontor::memory {

class FailureCounter final : public kontor::FailureCounter {
 public:
  explicit FailureCounter(FailureLimits limits = {}) : window_(limits) {}

  Task<std::optional<Duration>> blocked(std::string key, Timestamp now) override {
    co_return window_.blocked(key, now);
  }
  Task<> failed(std::string key, Timestamp now) override {
    window_.failed(key, now);
    co_return {};
  }
  Task<> succeeded(std::string key) override {
    window_.succeeded(key);
    co_return {};
  }

 private:
  FailureWindow window_;
};

}  // namespace kontor::memory
