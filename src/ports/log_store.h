#pragma once
// The committed leaves of the transparency logs. Leaves of changes are part of the commands that
// change packages and accounts, so that a change and its leaf are stored together or not at all;
// here are those that tell of what is decided elsewhere: settings and keys.
#include "base/bytes.h"
#include "base/task.h"
#include "ports/audit_entry.h"
#include "ports/log_records.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace kontor {

// Something that the log tells once, and again whenever it is otherwise.
struct Fact {
  std::string name;  // "policy:read_only"; a fact is told by one name for ever
  std::string value;
  LogEvent event;  // where it is a PolicyEvent, the store fills in `before`: what was told last
  AuditEntry audit;
};

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

  // Appends leaf and audit row of each fact whose value is not the one told last under its name,
  // and keeps the value; all of it durable on success, nothing after an error. Yields how many were
  // new.
  virtual Task<std::uint32_t> tell(Timestamp at, std::vector<Fact> facts) = 0;
};

}  // namespace kontor
