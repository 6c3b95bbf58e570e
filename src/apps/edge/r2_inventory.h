#pragma once
// All blobs of the bucket, for the collection of orphans. Other isolates publish meanwhile and none
// knows of the others, so nothing is remembered here: each removal is an erasure (r2_eraser.h),
// which looks again, and a long blob that is younger than any publish can be is left out, because
// its publisher could not put it back.
#include "apps/edge/r2_eraser.h"
#include "ports/blob_inventory.h"
#include "ports/clock.h"

namespace kontor::edge {

class R2Inventory final : public BlobInventory {
 public:
  R2Inventory(Host& host, BlobStore& blobs, R2Eraser& eraser, Clock& clock)
      : host_(host), blobs_(blobs), eraser_(eraser), clock_(clock) {}

  std::unique_ptr<BlobSweep> sweep() override;
  Task<BlobDigests> rehash(Sha256 digest) override;
  // Objects that an erasure had put aside when it was interrupted.
  Task<BlobLeftovers> leftovers() override;
  // These and uploads whose publisher was ended, where they are older than any publish can be.
  // Looks through all blobs where there is such an upload; safe beside whatever else goes on.
  Task<> remove_leftovers() override;

 private:
  Host& host_;
  BlobStore& blobs_;
  R2Eraser& eraser_;
  Clock& clock_;
};

}  // namespace kontor::edge
