#pragma once
// Requests, counted by the Durable Object of their key, so that all isolates count together (row
// RL-05).
#include "adapters/memory/rate_limiter.h"
#include "apps/edge/host.h"

namespace kontor::edge {

// An instance that cannot reach the object counts for itself, and a registry whose counting is away
// goes on serving.
class FarRates final : public RateLimiter {
 public:
  explicit FarRates(Host& host) : host_(host) {}

  RateDecision take(std::string_view group, std::string_view key, const RateLimit& limit,
                    Timestamp now) override {
    return own_.take(group, key, limit, now);
  }
  RateDecision look(std::string_view group, std::string_view key, const RateLimit& limit,
                    Timestamp now) override {
    return own_.look(group, key, limit, now);
  }
  Task<RateDecision> ask(RateQuestion about) override;
  // While it rests everything is allowed, and nothing is counted.
  void rest(bool on) { rests_ = on; }

 private:
  Host& host_;
  memory::RateLimiter own_;
  bool rests_ = false;
};

}  // namespace kontor::edge
