#pragma once
// Whether rows are still what the logs tell of them.
#include "ports/log_store.h"
#include "ports/package_store.h"

#include <cstdint>
#include <functional>
#include <string>

namespace kontor {

// A sentence where the leaf of the version's publishing is gone, or tells of other bytes; empty
// where it agrees, or the version is older than the log.
Task<std::string> contradiction_with_leaf(LogStore& log, PackageKey key, VersionRecord version);

struct AuditTrailCheck {
  std::uint64_t rows = 0;
  std::uint64_t unlogged = 0;  // from before there was a log
  std::uint64_t faults = 0;
};
// Each row that is not the one that was logged, and each that is missing: "row 17" and a sentence.
using AuditFault = std::function<void(std::string subject, std::string text)>;

// Compares all rows of the audit trail with the leaves of the audit log. Rows that come meanwhile
// may be left out. Memory is flat.
Task<AuditTrailCheck> check_audit_trail(PackageStore& packages, LogStore& log, AuditFault found);

}  // namespace kontor
