#pragma once
// Where a client reads a log from: a web server, a folder, or memory in tests.
#include "base/bytes.h"
#include "base/error.h"

#include <string>

namespace kontor::logclient {

// Files of a log by their path below its prefix: "checkpoint" and those of tlog/tile.h. What comes
// is believed only after it is verified.
class LogSource {
 public:
  virtual ~LogSource() = default;
  // not_found where there is no such file, too_large where it is over `most` bytes, else what kept
  // it from being read.
  virtual Result<Bytes> read(const std::string& path, std::size_t most) = 0;
};

}  // namespace kontor::logclient
