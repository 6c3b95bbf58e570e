#pragma once
// The operating system's wall clock.
#include "ports/clock.h"

#include <chrono>

namespace kontor::host {

class SystemClock final : public Clock {
 public:
  Timestamp now() const override {
    const auto since = std::chrono::system_clock::now().time_since_epoch();
    return {std::chrono::duration_cast<std::chrono::milliseconds>(since).count()};
  }
};

}  // namespace kontor::host
