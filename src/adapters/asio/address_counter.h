#pragma once
// How many connections are open, in all and per client address, over all loops of a server.
#include "base/time.h"
#include "domain/cidr.h"

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>

namespace kontor::net {

// Thread-safe. IPv6 clients count by /64, because one customer usually has a whole one.
class AddressCounter {
 public:
  struct Caps {
    std::uint32_t total = 0;
    std::uint32_t per_address = 0;  // 0: this address is exempt
  };
  // Counts a connection in; false where a cap is reached (nothing is counted then).
  bool enter(const IpAddress& address, Caps caps);
  void leave(const IpAddress& address);
  std::uint64_t open() const { return open_.load(std::memory_order_relaxed); }
  // Waits until no connection is open; false where that takes longer.
  bool wait_for_none(Duration at_most);

 private:
  std::atomic<std::uint64_t> open_ = 0;
  std::mutex mutex_;
  std::condition_variable none_;
  std::map<IpAddress, std::uint32_t> by_address_;
};

}  // namespace kontor::net
