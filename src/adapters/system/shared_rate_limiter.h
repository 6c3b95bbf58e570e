#pragma once
// RateLimiter of all loops of one process: a limit is the server's, not each loop's. Loops meet
// only where their keys share a stripe, for the time of one look at a table's row.
#include "domain/rate_table.h"
#include "ports/rate_limiter.h"
#include "ports/rate_store.h"

#include <array>
#include <mutex>
#include <vector>

namespace kontor::host {

// Any thread. Remembers a quarter of a million keys in 6 MiB; forgotten when the process ends.
class SharedRateLimiter final : public RateLimiter {
 public:
  RateDecision take(std::string_view group, std::string_view key, const RateLimit& limit,
                    Timestamp now) override;
  RateDecision look(std::string_view group, std::string_view key, const RateLimit& limit,
                    Timestamp now) override;

  // Tells the store what was admitted here, and takes over what others have admitted.
  Task<> exchange(RateStore& store, Timestamp now);

 private:
  static constexpr std::size_t kStripes = 64;
  static constexpr std::size_t kKeys = 4096;  // a stripe

  struct alignas(64) Stripe {
    std::mutex mutex;
    RateTable table{kKeys};
  };
  Stripe& stripe_of(std::uint64_t key) { return stripes_[(key >> 40) % kStripes]; }
  std::vector<RateUse> take_uses();

  std::array<Stripe, kStripes> stripes_;
};

}  // namespace kontor::host
