#pragma once
// Waiting for the logs to be published.
#include "base/task.h"
#include "base/time.h"
#include "ports/log_records.h"

namespace kontor {

// Thread: one instance belongs to one loop.
class LogProgress {
 public:
  virtual ~LogProgress() = default;
  // True as soon as the published checkpoint covers the leaf; false where it does not within that
  // time, or too many wait already.
  virtual Task<bool> wait_for(LogPlace place, Duration at_most) = 0;
};

}  // namespace kontor
