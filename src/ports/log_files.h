#pragma once
// The files of a transparency log: what a plain file server could serve alone, and the integrator's
// own note of how far it is. Paths: per tlog/tile.h, "checkpoint", "vkey" and "state".
#include "base/bytes.h"
#include "base/task.h"
#include "ports/log_records.h"

#include <optional>
#include <string>
#include <vector>

namespace kontor {

struct LogFile {
  std::string path;
  Bytes bytes;
};

// Thread: one instance belongs to one loop. Only one integrator writes; anybody may read.
class LogFiles {
 public:
  virtual ~LogFiles() = default;

  // A whole file; nothing where there is none.
  virtual Task<std::optional<Bytes>> read(LogId log, std::string path) = 0;
  // Files that never change. On success all of them are durable. A file that is there already must
  // hold the same bytes: else conflict, and it stays as it is.
  virtual Task<> create(LogId log, std::vector<LogFile> files) = 0;
  // Puts the bytes in the place of the old ones, whole or not at all; durable on success.
  virtual Task<> replace(LogId log, LogFile file) = 0;
  // Removes the partial files of these tiles ("tile/0/000" names the folder "tile/0/000.p").
  // Succeeds where there are none; what cannot be removed stays.
  virtual Task<> drop_partials(LogId log, std::vector<std::string> tiles) = 0;
};

}  // namespace kontor
