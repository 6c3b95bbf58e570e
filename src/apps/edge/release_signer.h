#pragma once
// Signs versions with a key that is made from the deployment's secret: ECDSA on P-256, as npm
// checks it, computed by the platform. There is one such key, and it cannot be rotated apart from
// the secret.
#include "apps/edge/host.h"
#include "ports/release_signer.h"

namespace kontor::edge {

class EdgeReleaseSigner final : public ReleaseSigner {
 public:
  // `secret` serves for nothing else.
  EdgeReleaseSigner(Host& host, ByteView secret);

  Task<std::vector<ReleaseKey>> release_keys() override;
  Task<ReleaseSignature> sign_release(Release release) override;
  Task<ReleaseKey> rotate_release_key() override;

 private:
  Host& host_;
  const Bytes secret_;  // PrivateKeyInfo (RFC 5208) in DER
  std::optional<ReleaseKey> key_;
};

}  // namespace kontor::edge
