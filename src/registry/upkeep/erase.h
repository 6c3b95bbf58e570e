#pragma once
// Bytes that may not stay, at once and not with the next collection. Row ORI-13.
#include "base/task.h"
#include "ports/blob_inventory.h"
#include "ports/store_audit.h"

namespace kontor {

// Thread: one instance belongs to one loop.
class BlobEraser {
 public:
  virtual ~BlobEraser() = default;
  // Removes the blob unless a row names it or a writer counts on it. True where it is gone.
  virtual Task<bool> erase(Sha256 digest) = 0;
};

// As a collection does it, for one blob and without grace.
class SweepEraser final : public BlobEraser {
 public:
  SweepEraser(BlobInventory& blobs, StoreAudit& audit) : blobs_(blobs), audit_(audit) {}
  Task<bool> erase(Sha256 digest) override;

 private:
  BlobInventory& blobs_;
  StoreAudit& audit_;
};

}  // namespace kontor
