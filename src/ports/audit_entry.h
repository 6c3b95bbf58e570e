#pragma once
// A row of the audit trail, and what commands on accounts leave behind besides.
#include "base/time.h"
#include "ports/log_records.h"

#include <string>
#include <vector>

namespace kontor {

// Stored with the change it tells of or not at all. No personal data beyond the actor's name and
// address, never a secret.
struct AuditEntry {
  std::string actor;
  std::string token_key;
  std::string address;
  std::string action;  // "publish", "unpublish", "tag", "deprecate", "owner", "access", ...
  std::string target;  // "npm:@scope/name@1.0.0"
  std::string detail;
  std::string request_id;
};

// Rows and leaves of one change of accounts; they are stored where the change takes effect.
struct Trail {
  Timestamp at;
  std::vector<AuditEntry> audit;  // each also a leaf of the audit log
  std::vector<LogEvent> log;      // conflict where an author is gone
  LogAuthor by = {std::nullopt, {tlog::Credential::Kind::job, "registry", {}}};
};

}  // namespace kontor
