#pragma once
// Counts requests by key. Asked on every request, so nothing here waits: what several servers share
// is exchanged beside the requests (ports/rate_store.h). Rows RL-01, RL-05.
#include "domain/rate_limit.h"

#include <string_view>

namespace kontor {

class RateLimiter {
 public:
  virtual ~RateLimiter() = default;
  // Counts one request of `key` in `group`, unless it is refused. Any thread. Keys are many and
  // chosen by strangers: the number that is remembered is bounded, and one that was forgotten
  // begins anew.
  virtual RateDecision take(std::string_view group, std::string_view key, const RateLimit& limit,
                            Timestamp now) = 0;
  // What take() would answer, counting nothing.
  virtual RateDecision look(std::string_view group, std::string_view key, const RateLimit& limit,
                            Timestamp now) = 0;
};

}  // namespace kontor
