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

// Any thread. Remembers a quarter of a million keys in 6 MiB, and apart from them, in one more,
// those of long windows: what somebody may do in an hour is not to be whole after a restart (row
// RL-05).
class SharedRateLimiter final : public RateLimiter {
 public:
  RateDecision take(std::string_view group, std::string_view key, const RateLimit& limit,
                    Timestamp now) override;
  RateDecision look(std::string_view group, std::string_view key, const RateLimit& limit,
                    Timestamp now) override;

  enum class Keys : std::uint8_t { lasting, all };
  // Tells the store what was admitted here of these keys, and takes over what others have admitted,
  // or this server before its restart. Yields how many keys that were.
  Task<std::size_t> exchange(RateStore& store, Keys which, Timestamp now);

 private:
  static constexpr std::size_t kStripes = 64;
  static constexpr std::size_t kBriefKeys = 4096, kLastingKeys = 512;  // a stripe
  static constexpr Duration kBrief = minutes(1);                       // and shorter windows

  struct alignas(64) Stripe {
    std::mutex mutex;
    RateTable table{RateTable::kRow};
  };
  class Stripes {
   public:
    explicit Stripes(std::size_t keys) {
      for (auto& stripe : stripes_) stripe.table = RateTable(keys);
    }
    Stripe& of(std::uint64_t key) { return stripes_[(key >> 40) % kStripes]; }
    void take_uses(std::vector<RateUse>& uses);

   private:
    std::array<Stripe, kStripes> stripes_;
  };
  Stripes& stripes_of(const RateLimit& limit) { return limit.window > kBrief ? lasting_ : brief_; }
  static Task<> exchange(Stripes& stripes, RateStore& store, std::vector<RateUse> uses,
                         Timestamp now);

  Stripes brief_{kBriefKeys}, lasting_{kLastingKeys};
};

}  // namespace kontor::host
