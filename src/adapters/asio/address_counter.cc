// One lock an accepted connection; requests never come here.
#include "adapters/asio/address_counter.h"

namespace kontor::net {
namespace {

IpAddress key_of(const IpAddress& address) {
  return address.is_v4() ? address : network_of(address, 64);
}

}  // namespace

bool AddressCounter::enter(const IpAddress& address, Caps caps) {
  const std::lock_guard lock(mutex_);
  if (open_.load(std::memory_order_relaxed) >= caps.total) return false;
  auto& count = by_address_[key_of(address)];
  if (caps.per_address > 0 && count >= caps.per_address) return false;
  ++count;
  open_.fetch_add(1, std::memory_order_relaxed);
  return true;
}

void AddressCounter::leave(const IpAddress& address) {
  const std::lock_guard lock(mutex_);
  const auto it = by_address_.find(key_of(address));
  if (it != by_address_.end() && --it->second == 0) by_address_.erase(it);
  if (open_.fetch_sub(1, std::memory_order_relaxed) == 1) none_.notify_all();
}

bool AddressCounter::wait_for_none(Duration at_most) {
  std::unique_lock lock(mutex_);
  return none_.wait_for(lock, std::chrono::milliseconds(at_most.ms),
                        [this] { return open() == 0; });
}

}  // namespace kontor::net
