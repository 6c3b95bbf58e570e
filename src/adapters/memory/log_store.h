#pragma once
// LogStore in memory: for tests and the edge's smoke test. Every task finishes inline.
#include "adapters/memory/database.h"
#include "ports/log_leaf.h"

namespace kontor::memory {

class LogStore final : public kontor::LogStore {
 public:
  explicit LogStore(Database& database) : database_(database) {}

  Task<std::uint64_t> size(LogId log) override;
  Task<std::vector<Bytes>> entries(LogId log, std::uint64_t first, std::uint32_t count) override;
  Task<std::optional<LogPlace>> find_publish(PackageKey key, std::string version) override;
  Task<std::uint32_t> tell(Timestamp at, std::vector<Fact> facts) override;

 private:
  Database& database_;
};

// --- for the commands that append ---------------------------------------------------------------

struct NewLeaf {
  LoggedLeaf logged;
  std::uint64_t time = 0;
};

// The leaves of one command, not appended yet; `package` is as it stands before the command, null
// where there is none. conflict where an author is gone.
Result<std::vector<NewLeaf>> make_leaves(Database& database, Timestamp at,
                                         const PackageRow* package,
                                         const std::vector<LogEvent>& events);
// Right after make_leaves().
std::vector<LogPlace> append_leaves(Database& database, std::vector<NewLeaf> leaves);
// Its index in the audit log.
std::uint64_t append_audit_leaf(Database& database, Timestamp at, const AuditEntry& entry,
                                ByteView salt);
// Audit rows with their leaves.
void append_audit(Database& database, Timestamp at, const std::vector<AuditEntry>& entries);
// Leaves and audit rows of a change of accounts; before the user is gone who is named in them.
// After an error nothing is appended.
Result<void> append_trail(Database& database, const Trail& trail);

}  // namespace kontor::memory
