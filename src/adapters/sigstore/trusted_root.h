#pragma once
// Whom an operator trusts: the file trusted_root.json in the form that Sigstore's clients read
// (application/vnd.dev.sigstore.trustedroot+json).
#include "adapters/sigstore/crypto.h"

#include <vector>

namespace kontor::sigstore {

// A transparency log or a certificate log.
struct Log {
  Bytes id;
  Key key;
  Validity validity;
};

// An authority of certificates or of timestamps: its certificate first, the root last.
struct Authority {
  std::vector<Certificate> chain;
  Validity validity;
};

struct TrustedRoot {
  std::vector<Log> logs;
  std::vector<Log> certificate_logs;
  std::vector<Authority> certificate_authorities;
  std::vector<Authority> timestamp_authorities;
};

// bad_request, with a sentence for the operator, where the text is no trusted root or trusts nobody
// for one of the first three.
Result<TrustedRoot> parse_trusted_root(ByteView text);

}  // namespace kontor::sigstore
