#pragma once
// Who judges Sigstore bundles by the roots that the operator trusts: the cryptography of an
// attestation. What its statement says about a package is for the format to judge.
#include "base/bytes.h"
#include "base/error.h"
#include "base/time.h"

#include <map>
#include <string>

namespace kontor {

struct VerifiedBundle {
  std::string payload_type;
  Bytes payload;         // the bytes that were signed
  Timestamp signed_at;   // by the transparency log or a timestamp authority
  std::string identity;  // the certificate's subject alternative name
  // The certificate's extensions below 1.3.6.1.4.1.57264.1 by their last number, as text.
  std::map<int, std::string> claims;
};

// Any thread.
class AttestationVerifier {
 public:
  virtual ~AttestationVerifier() = default;

  // Checks the signature of the envelope, the certificate's chain to a trusted root at the time of
  // signing and its timestamp of a certificate log, and the entry of the transparency log: that it
  // is of this envelope and certificate, and that a trusted log has it. invalid_proof with a
  // sentence that names the failing step.
  virtual Result<VerifiedBundle> verify(ByteView bundle) const = 0;
};

}  // namespace kontor
