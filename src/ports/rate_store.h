#pragma once
// Where several servers of one registry put together what they have counted (row RL-05). Each
// counts for itself (ports/rate_limiter.h) and asks here now and then: between two exchanges a
// client may get a little more than its allowance, and no request ever waits for a store.
#include "base/task.h"
#include "domain/rate_limit.h"

#include <cstdint>
#include <vector>

namespace kontor {

// What one server has admitted since it last asked.
struct RateUse {
  std::uint64_t key = 0;  // below 2^53; the same on all servers
  std::int64_t cost = 0;  // microseconds of the key's allowance
};

// Thread: one instance belongs to one loop; all instances of one store see each other's uses.
class RateStore {
 public:
  virtual ~RateStore() = default;
  // Adds the uses and yields how far each key's allowance is used up by all servers together, in
  // the same order. All or nothing; at most 65,536, else too_large. Not synced to disk: a crash may
  // forget the last of them.
  virtual Task<std::vector<RateState>> add(std::vector<RateUse> uses, Timestamp now) = 0;
  // Forgets keys whose allowance is whole at `now`, at most `limit`; yields how many.
  virtual Task<std::uint64_t> forget_whole(Timestamp now, std::uint32_t limit) = 0;
};

}  // namespace kontor
