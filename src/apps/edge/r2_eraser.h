#pragma once
// Removes an object for good. R2 has no lock between this worker and one that publishes the same
// bytes, so each looks again after what it did: the eraser whether a row names them by now, and
// puts them back; the publisher, behind its commit (worker/blobs.mjs), whether they are still
// there.
#include "apps/edge/host.h"
#include "ports/store_audit.h"
#include "registry/upkeep/erase.h"

namespace kontor::edge {

class R2Eraser final : public BlobEraser {
 public:
  R2Eraser(Host& host, Entropy& entropy, StoreAudit& audit)
      : host_(host), entropy_(entropy), audit_(audit) {}

  Task<bool> erase(Sha256 digest) override;

 private:
  // With what it says about itself; false where there is none of that name. What has the other name
  // already stays.
  Task<bool> move(std::string from, std::string to);
  Task<bool> is_named(Sha256 digest);

  Host& host_;
  Entropy& entropy_;
  StoreAudit& audit_;
};

}  // namespace kontor::edge
