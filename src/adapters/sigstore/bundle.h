#pragma once
// A Sigstore bundle with a signed envelope, read and not judged.
#include "adapters/sigstore/crypto.h"
#include "tlog/proof.h"

#include <optional>
#include <string>
#include <vector>

namespace kontor::sigstore {

struct InclusionProof {
  std::uint64_t index = 0;
  tlog::Proof hashes;
  std::string checkpoint;  // a signed note
};

struct LogEntry {
  Bytes log_id;
  std::uint64_t index = 0;  // in the log as a whole
  std::string kind, version;
  std::uint64_t integrated = 0;  // seconds since 1970; 0: the log does not say
  Bytes body;
  Bytes promise;  // the log's signature for the entry; may be empty
  std::optional<InclusionProof> proof;
};

struct Bundle {
  std::string payload_type;
  Bytes payload;
  Bytes signature;
  Certificate certificate;
  std::vector<LogEntry> entries;
  std::vector<Bytes> timestamps;  // RFC 3161 responses
};

// invalid_proof where the text is no bundle of a version from 0.1 to 0.3 with one envelope
// that has one signature, and a certificate.
Result<Bundle> parse_bundle(ByteView text);

// What an envelope's signature signs (DSSE, protocol.md).
Bytes signed_text(const Bundle& bundle);

}  // namespace kontor::sigstore
