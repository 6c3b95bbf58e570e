#pragma once
// RateLimiter of one loop, in memory.
#include "ports/rate_limiter.h"

#include <map>
#include <string>
#include <utility>

namespace kontor::memory {

// Remembers every key: for tests and for instances that live briefly.
class RateLimiter final : public kontor::RateLimiter {
 public:
  RateDecision take(std::string_view group, std::string_view key, const RateLimit& limit,
                    Timestamp now) override {
    return admit_request(states_[{std::string(group), std::string(key)}], limit, now);
  }
  RateDecision look(std::string_view group, std::string_view key, const RateLimit& limit,
                    Timestamp now) override {
    const auto found = states_.find({std::string(group), std::string(key)});
    RateState state = found == states_.end() ? 0 : found->second;
    return admit_request(state, limit, now);
  }

 private:
  std::map<std::pair<std::string, std::string>, RateState> states_;
};

}  // namespace kontor::memory
