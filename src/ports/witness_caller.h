#pragma once
// Asking a witness of a log (tlog/witness.h) over the network.
#include "base/bytes.h"
#include "base/task.h"

#include <string>

namespace kontor {

struct WitnessReply {
  int status = 0;
  std::string type;  // Content-Type
  Bytes body;        // at most 64 KiB
};

// Thread: one instance belongs to one loop.
class WitnessCaller {
 public:
  virtual ~WitnessCaller() = default;
  // Posts `body` to `url`. Any status is a success; unavailable where no whole answer came within
  // some seconds.
  virtual Task<WitnessReply> post(std::string url, Bytes body) = 0;
};

}  // namespace kontor
