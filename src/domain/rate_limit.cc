// Times in microseconds: a thousand requests a minute are 60 ms apart, six thousand are 10.
#include "domain/rate_limit.h"

#include <algorithm>

namespace kontor {
namespace {

Duration rounded_up(std::int64_t us) {
  return {(us + 999) / 1000};
}

}  // namespace

bool RateDecision::stricter_than(const RateDecision& other) const {
  if (limit.off() || other.limit.off()) return !limit.off();
  if (allowed != other.allowed) return !allowed;
  if (!allowed) return retry_after > other.retry_after;
  return remaining < other.remaining;
}

RateDecision admit_request(RateState& state, const RateLimit& limit, Timestamp now) {
  RateDecision out{.limit = limit};
  if (limit.off()) return out;
  const std::int64_t at = now.ms * 1000;
  const std::int64_t window = limit.window.ms * 1000;
  const std::int64_t step = std::max<std::int64_t>(1, window / limit.requests);
  // Never further ahead than a window: what an earlier limit or clock left behind does not lock
  // out.
  const std::int64_t whole = std::clamp(state, at, at + window);
  out.allowed = whole + step <= at + window;
  state = out.allowed ? whole + step : whole;
  out.remaining = static_cast<std::uint32_t>((at + window - state) / step);
  out.reset = rounded_up(state - at);
  if (!out.allowed) out.retry_after = rounded_up(whole + step - window - at);
  return out;
}

}  // namespace kontor
