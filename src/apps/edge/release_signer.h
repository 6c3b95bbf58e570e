#pragma once
// Signs versions with keys that are made from the deployment's secret and their shares: ECDSA on
// P-256, as npm checks it, computed by the platform.
#include "apps/edge/key_shares.h"
#include "ports/release_signer.h"

namespace kontor::edge {

class EdgeReleaseSigner final : public ReleaseSigner {
 public:
  // `secret` serves for nothing else.
  EdgeReleaseSigner(Host& host, const Clock& clock, Entropy& entropy, ByteView secret);

  Task<std::vector<ReleaseKey>> release_keys() override;
  Task<ReleaseSignature> sign_release(Release release) override;
  Task<ReleaseKey> rotate_release_key() override;

 private:
  // PrivateKeyInfo (RFC 5208) in DER.
  Bytes secret_from(ByteView share) const;
  // SubjectPublicKeyInfo in DER.
  Task<Bytes> public_half(Bytes share);

  Host& host_;
  const Clock& clock_;
  Entropy& entropy_;
  const Bytes secret_;
  KeyShareStore shares_;
};

}  // namespace kontor::edge
