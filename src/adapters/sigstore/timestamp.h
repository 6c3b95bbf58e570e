#pragma once
// Timestamps of authorities (RFC 3161).
#include "adapters/sigstore/trusted_root.h"

namespace kontor::sigstore {

// When a trusted authority saw `signature`; invalid_proof where none says so.
Result<Timestamp> stamped_at(ByteView response, ByteView signature, const TrustedRoot& root);

}  // namespace kontor::sigstore
