#pragma once
// The whole log in a data directory against the rows and blobs beside it (row LOG-07): every entry
// is the leaf of its row, every tile is what the entries give, every release that the log tells of
// has its row and its blob, which is hashed.
#include "apps/cli/log/full_audit.h"

namespace kontor::cli {

// `log` is public, private or audit. The data directory may be in use by a server. The first
// difference ends it, with an error that names both sides.
Result<FullAudit> audit_stored_log(const std::string& data_dir, const std::string& log,
                                   const tlog::Policy& policy);

}  // namespace kontor::cli
