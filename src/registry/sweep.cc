// Each batch is one command of the store; others get their turn between two.
#include "registry/sweep.h"

namespace kontor {

Task<> sweep_expired(Registry& registry) {
  const auto now = registry.clock.now();
  for (int batch = 0; batch < kSweepBatches; ++batch) {
    const auto removed = co_await registry.accounts.remove_expired(now, kSweepBatch);
    if (removed < kSweepBatch) break;
  }
  co_return {};
}

}  // namespace kontor
