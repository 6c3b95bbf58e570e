#pragma once
// Leaves of the logs as rows, appended by the commands they belong to.
#include "adapters/sqlite/connection.h"
#include "ports/audit_entry.h"
#include "ports/log_leaf.h"

#include <map>
#include <span>
#include <vector>

namespace kontor::sqlite {

// The ids of a log's leaves. See migrations/sqlite/0005_log.sql.
struct LeafIds {
  static constexpr std::int64_t kSlots = std::int64_t{1} << 48;
  explicit LeafIds(LogId log)
      : first(static_cast<std::int64_t>(log) * kSlots), last(first + kSlots - 1) {}
  std::int64_t first;
  std::int64_t last;

  static std::int64_t id_of(const LogPlace& place) {
    return LeafIds(place.log).first + static_cast<std::int64_t>(place.index);
  }
  static LogPlace place_of(std::int64_t id) {
    return {static_cast<LogId>(id / kSlots), static_cast<std::uint64_t>(id % kSlots)};
  }
};

// The column `logged` of versions and tombstones.
std::optional<LogPlace> read_logged(const Row& row, int column);

// Reads only, so that a change can be refused before its first write: conflict where an author is
// gone.
Result<void> check_events(Connection& db, const std::vector<LogEvent>& events);
// How far the leaves of one command have gone in each log.
struct LogEnd {
  std::int64_t id = 0;     // where the next leaf goes
  std::uint64_t time = 0;  // which it may not go below
};
using LogEnds = std::map<LogId, LogEnd>;

// The leaves of one command, in its transaction and before its other writes, in the same order.
// `package` is the one whose tags they tell of, 0 where there is none yet.
Result<std::vector<LoggedLeaf>> append_events(Connection& db, LogEnds& ends, Timestamp at,
                                              PackageId package,
                                              const std::vector<LogEvent>& events);
// Audit rows, each with its leaf in the audit log.
Result<void> add_audit_rows(Connection& db, LogEnds& ends, Timestamp at,
                            const std::vector<AuditEntry>& entries);
// Both, for changes of accounts: once in a command, before the user is gone who is named in them.
Result<void> add_trail(Connection& db, const Trail& trail);

}  // namespace kontor::sqlite
