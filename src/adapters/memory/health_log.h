#pragma once
// HealthLog for tests: one thread, keeps all.
#include "ports/health_log.h"

namespace kontor::memory {

class HealthLog final : public kontor::HealthLog {
 public:
  void add(HealthRound round) override { rounds_.insert(rounds_.begin(), std::move(round)); }
  std::vector<HealthRound> rounds() const override { return rounds_; }

 private:
  std::vector<HealthRound> rounds_;
};

}  // namespace kontor::memory
