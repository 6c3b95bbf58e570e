#pragma once
// What a server found when it last asked its own endpoints (row HLT-01).
#include "base/time.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

namespace kontor {

struct EndpointCheck {
  std::string target;  // path and query
  std::uint16_t status = 0;
  std::int64_t took_ms = 0;
  bool ok() const { return status > 0 && status < 500; }
};

struct HealthRound {
  Timestamp at;
  std::vector<EndpointCheck> checks;
  bool ok() const { return std::ranges::all_of(checks, &EndpointCheck::ok); }
};

// Any thread. Keeps a bounded number of rounds, the newest.
class HealthLog {
 public:
  virtual ~HealthLog() = default;
  virtual void add(HealthRound round) = 0;
  virtual std::vector<HealthRound> rounds() const = 0;  // newest first
};

}  // namespace kontor
