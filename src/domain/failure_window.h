#pragma once
// Failed attempts per key in a sliding window (row AUTH-14), as a value: hosts that share it
// between threads guard it themselves.
#include "base/time.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <list>
#include <optional>
#include <string>
#include <unordered_map>

namespace kontor {

struct FailureLimits {
  std::uint32_t failures = 10;  // as many within `window` block the key
  Duration window = minutes(5);
  std::size_t max_keys = 100'000;  // the key that failed longest ago is forgotten beyond that
};

class FailureWindow {
 public:
  explicit FailureWindow(FailureLimits limits) : limits_(limits) {}

  // How long the key has to wait until its oldest counted failure leaves the window.
  std::optional<Duration> blocked(const std::string& key, Timestamp now) const;
  void failed(const std::string& key, Timestamp now);
  void succeeded(const std::string& key);
  std::size_t keys() const { return entries_.size(); }

 private:
  struct Entry {
    std::deque<Timestamp> failures;  // at most limits_.failures, oldest first
    std::list<std::string>::iterator place;
  };

  FailureLimits limits_;
  std::unordered_map<std::string, Entry> entries_;
  std::list<std::string> by_last_failure_;  // oldest first
};

}  // namespace kontor
