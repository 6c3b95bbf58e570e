// The hash is split: its upper bits choose the stripe, its lower bits the row. It needs no secret:
// nobody can aim at another's key (base/siphash.h), and all servers must hash alike.
#include "adapters/system/shared_rate_limiter.h"

#include "base/siphash.h"

#include <algorithm>

namespace kontor::host {
namespace {

constexpr std::uint64_t kKeyBits = (std::uint64_t{1} << 53) - 1;
constexpr std::size_t kAtOnce = 4096;  // uses in one question to the store

std::uint64_t hash_of(std::string_view group, std::string_view key) {
  return (siphash(key, siphash(group)) & kKeyBits) | 1;  // 0 is an empty slot
}

}  // namespace

RateDecision SharedRateLimiter::take(std::string_view group, std::string_view key,
                                     const RateLimit& limit, Timestamp now) {
  const auto hash = hash_of(group, key);
  Stripe& stripe = stripes_of(limit).of(hash);
  const std::lock_guard lock(stripe.mutex);
  return stripe.table.take(hash, limit, now);
}

RateDecision SharedRateLimiter::look(std::string_view group, std::string_view key,
                                     const RateLimit& limit, Timestamp now) {
  const auto hash = hash_of(group, key);
  Stripe& stripe = stripes_of(limit).of(hash);
  const std::lock_guard lock(stripe.mutex);
  return stripe.table.look(hash, limit, now);
}

void SharedRateLimiter::Stripes::take_uses(std::vector<RateUse>& uses) {
  for (auto& stripe : stripes_) {
    const std::lock_guard lock(stripe.mutex);
    stripe.table.take_uses(
        [&](std::uint64_t key, std::int64_t cost) { uses.push_back({key, cost}); });
  }
}

Task<std::size_t> SharedRateLimiter::exchange(RateStore& store, Keys which, Timestamp now) {
  std::vector<RateUse> lasting, brief;
  lasting_.take_uses(lasting);
  if (which == Keys::all) brief_.take_uses(brief);
  co_await exchange(lasting_, store, lasting, now);
  co_await exchange(brief_, store, brief, now);
  co_return lasting.size() + brief.size();
}

Task<> SharedRateLimiter::exchange(Stripes& stripes, RateStore& store, std::vector<RateUse> uses,
                                   Timestamp now) {
  for (std::size_t at = 0; at < uses.size(); at += kAtOnce) {
    const auto end = std::min(uses.size(), at + kAtOnce);
    const std::vector<RateUse> some(uses.begin() + static_cast<std::ptrdiff_t>(at),
                                    uses.begin() + static_cast<std::ptrdiff_t>(end));
    const auto states = co_await store.add(some, now);
    for (std::size_t i = 0; i < some.size() && i < states.size(); ++i) {
      Stripe& stripe = stripes.of(some[i].key);
      const std::lock_guard lock(stripe.mutex);
      stripe.table.merge(some[i].key, states[i]);
    }
  }
  co_return {};
}

}  // namespace kontor::host
