// The object is called by group and key; what it makes of the question stands in memories.cc.
#include "apps/edge/far_rates.h"

#include "apps/edge/memories.h"

namespace kontor::edge {

Task<RateDecision> FarRates::ask(RateQuestion about) {
  if (rests_) co_return RateDecision{.limit = about.limit, .remaining = about.limit.requests};
  const auto answer =
      co_await whole(host_.call(Call::rates, print_rate_question(about), Code::unavailable));
  if (answer) co_return read_rate_decision(*answer, about.limit);
  write_log(R"({"level":"warn","event":"rates_not_shared"})");
  co_return co_await RateLimiter::ask(std::move(about));
}

}  // namespace kontor::edge
