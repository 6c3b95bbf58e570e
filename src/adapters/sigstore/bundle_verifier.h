#pragma once
// The port ports/attestation_verifier.h by OpenSSL and a file of trusted roots.
#include "adapters/sigstore/trusted_root.h"
#include "ports/attestation_verifier.h"

namespace kontor::sigstore {

class BundleVerifier final : public AttestationVerifier {
 public:
  explicit BundleVerifier(TrustedRoot root) : root_(std::move(root)) {}

  Result<VerifiedBundle> verify(ByteView bundle) const override;

 private:
  const TrustedRoot root_;
};

}  // namespace kontor::sigstore
