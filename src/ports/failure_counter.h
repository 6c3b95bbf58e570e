#pragma once
// Counts failed attempts per key (address, user) in a sliding window; row AUTH-14.
#include <optional>
#include <string>

#include "base/task.h"
#include "base/time.h"

namespace kontor {

class FailureCounter {
 public:
  virtual ~FailureCounter() = default;
  // How long the key has to wait, nothing where it may try.
  virtual Task<std::optional<Duration>> blocked(std::string key, Timestamp now) = 0;
  virtual Task<> failed(std::string key, Timestamp now) = 0;
  virtual Task<> succeeded(std::string key) = 0;  // forgets the key
};

}  // namespace kontor
