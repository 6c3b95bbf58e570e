#pragma once
// HealthLog of all loops of one process; forgotten when it ends.
#include "ports/health_log.h"

#include <deque>
#include <mutex>

namespace kontor::host {

class SharedHealthLog final : public HealthLog {
 public:
  explicit SharedHealthLog(std::size_t max_rounds) : max_rounds_(max_rounds) {}

  void add(HealthRound round) override {
    const std::lock_guard lock(mutex_);
    rounds_.push_front(std::move(round));
    if (rounds_.size() > max_rounds_) rounds_.pop_back();
  }
  std::vector<HealthRound> rounds() const override {
    const std::lock_guard lock(mutex_);
    return {rounds_.begin(), rounds_.end()};
  }

 private:
  const std::size_t max_rounds_;
  mutable std::mutex mutex_;
  std::deque<HealthRound> rounds_;  // newest first
};

}  // namespace kontor::host
