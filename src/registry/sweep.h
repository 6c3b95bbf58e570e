#pragma once
// What has expired is removed from the store, so that it does not grow with logins nobody uses.
#include "base/task.h"
#include "registry/registry.h"

namespace kontor {

// Removes tokens and web logins that have expired. Bounded: a writer is never held for more than
// kSweepBatch rows of a kind, and a run ends after kSweepBatches; the next one goes on. For a host
// to call every minute, on one of its loops.
inline constexpr std::uint32_t kSweepBatch = 500;
inline constexpr int kSweepBatches = 20;
Task<> sweep_expired(Registry& registry);

}  // namespace kontor
