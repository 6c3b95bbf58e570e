#pragma once
// The entry of a transparency log that tells of an envelope.
#include "adapters/sigstore/bundle.h"
#include "adapters/sigstore/trusted_root.h"

namespace kontor::sigstore {

// That a trusted log has the entry, or has promised to: every signature and proof that the entry
// bears must hold, and it must bear one. Yields when the log took it, where it signed that.
Result<std::optional<Timestamp>> check_inclusion(const LogEntry& entry, const TrustedRoot& root);

// That the entry is of this envelope's payload, signature and certificate.
Result<void> check_body(const LogEntry& entry, const Bundle& bundle);

}  // namespace kontor::sigstore
