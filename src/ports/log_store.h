#pragma once
// The committed leaves of the transparency logs. Nothing is appended here: leaves are part of the
// commands that change packages and accounts, so that a change and its leaf are stored together or
// not at all.
#include "base/bytes.h"
#include "base/task.h"
#include "ports/log_records.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace kontor {

// Thread: one instance belongs to one loop. Only durable leaves are seen, each for ever.
class LogStore {
 public:
  virtual ~LogStore() = default;

  virtual Task<std::uint64_t> size(LogId log) = 0;
  // Leaves [first, first + count), cut at the end of the log; count <= 65536, else too_large.
  virtual Task<std::vector<Bytes>> entries(LogId log, std::uint64_t first, std::uint32_t count) = 0;
  // The leaf that tells of this version's publishing, also where it was unpublished since. Nothing
  // where there is no such version, or it was published before there was a log.
  virtual Task<std::optional<LogPlace>> find_publish(PackageKey key, std::string version) = 0;
};

}  // namespace kontor
