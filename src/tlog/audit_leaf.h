#pragma once
// Leaves of the audit log: what was done and when, and the digest of the row that says by whom and
// to what. The row lies outside the log, since logs cannot forget; without the row's salt the
// digest tells nothing.
//
//     auditlog/v1 <action>
//     row <SHA-256 in hex>
//     time <seconds since 1970>
#include "base/bytes.h"
#include "base/digest.h"
#include "base/error.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace kontor::tlog {

struct AuditLeaf {
  std::string action;  // empty: none
  Sha256 row;
  std::uint64_t time = 0;
  bool operator==(const AuditLeaf&) const = default;
};

// Fields in one fixed order; each enters with its length, so that no two rows look alike.
Sha256 digest_row(ByteView salt, std::span<const std::string_view> fields);

// bad_request where the time has no place in its field, too_large for an endless action.
Result<Bytes> print_audit_leaf(const AuditLeaf& leaf);
// bad_request for everything that print_audit_leaf() does not give.
Result<AuditLeaf> parse_audit_leaf(ByteView text);

}  // namespace kontor::tlog
