#pragma once
// The wall clock.
#include "base/time.h"

namespace kontor {

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Timestamp now() const = 0;  // any thread; may step backwards
};

}  // namespace kontor
