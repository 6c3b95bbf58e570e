#pragma once
// How the digest of an audit row is made, which its leaf in the audit log holds.
#include "ports/audit_entry.h"
#include "tlog/audit_leaf.h"

namespace kontor {

inline Sha256 audit_row_digest(ByteView salt, Timestamp at, const AuditEntry& entry) {
  const std::string time = std::to_string(at.ms);
  const std::string_view fields[] = {time,         entry.actor,  entry.token_key, entry.address,
                                     entry.action, entry.target, entry.detail,    entry.request_id};
  return tlog::digest_row(salt, fields);
}

}  // namespace kontor
