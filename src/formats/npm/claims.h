#pragma once
// What a publisher states about the bytes of a tarball, held against the bytes.
#include "formats/npm/envelope_reader.h"
#include "ports/blob_store.h"

namespace kontor::npm {

// Compares length (of the attachment), shasum and integrity (of `dist`) where they are stated;
// checksum_mismatch names the one that does not fit. `integrity` may hold several hashes (W3C SRI);
// of each algorithm known here one must fit.
Result<void> check_claims(const Attachment& tarball, const Json& dist, const BlobDigests& archive);

}  // namespace kontor::npm
