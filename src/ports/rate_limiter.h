#pragma once
// Counts requests by key. Asked on every request, so natively nothing here waits: what several
// servers share is exchanged beside the requests (ports/rate_store.h). Rows RL-01, RL-05.
#include "base/task.h"
#include "domain/rate_limit.h"

#include <string>
#include <string_view>

namespace kontor {

// About one request of a key.
struct RateQuestion {
  std::string group;
  std::string key;
  RateLimit limit;
  Timestamp now;
  bool counts = true;  // false: only what would be answered
};

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
  // The same from whoever counts for all hosts of the registry: where many hosts live for a moment
  // each, it goes and asks. Never fails: where nobody answers, this host counts by itself.
  virtual Task<RateDecision> ask(RateQuestion about) {
    co_return about.counts ? take(about.group, about.key, about.limit, about.now)
                           : look(about.group, about.key, about.limit, about.now);
  }
};

}  // namespace kontor
