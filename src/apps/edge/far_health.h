#pragma once
// What checks of the registry's own endpoints found, remembered by one Durable Object for all
// isolates (row HLT-01).
#include "apps/edge/host.h"
#include "ports/health_log.h"

namespace kontor::edge {

class FarHealth final : public HealthLog {
 public:
  // Keeps `most` rounds, the newest.
  FarHealth(Host& host, std::uint32_t most) : host_(host), most_(most) {}

  // Sent behind the answer.
  void add(HealthRound round) override;
  // Before rounds() is asked for.
  Task<> fetch();
  std::vector<HealthRound> rounds() const override { return rounds_; }

 private:
  Host& host_;
  const std::uint32_t most_;
  std::vector<HealthRound> rounds_;
};

}  // namespace kontor::edge
