#pragma once
// How many requests somebody may make in a span of time: the generic cell rate algorithm, which
// keeps one number a key. A whole window's worth may come at once; after that requests are admitted
// evenly, as fast as the window says. Rows RL-01, RL-04.
#include "base/time.h"

#include <cstdint>

namespace kontor {

struct RateLimit {
  std::uint32_t requests = 0;  // 0: no limit
  Duration window = minutes(1);

  bool off() const { return requests == 0 || window.ms <= 0; }
  bool operator==(const RateLimit&) const = default;
};

// Microseconds since 1970 at which the key's allowance will be whole again; 0: it is whole.
using RateState = std::int64_t;

struct RateDecision {
  bool allowed = true;
  RateLimit limit = {};         // off: nothing was counted
  std::uint32_t remaining = 0;  // requests that would be admitted now
  Duration reset;               // until the allowance is whole
  Duration retry_after;         // until one request would be admitted; where refused

  // Which of two answers a client that is bound by both.
  bool stricter_than(const RateDecision& other) const;
};

// Counts one request into `state` unless it is refused. A clock that steps back costs nobody more
// than one window.
RateDecision admit_request(RateState& state, const RateLimit& limit, Timestamp now);

}  // namespace kontor
