#pragma once
// All blobs of a store, for whoever checks them and removes those that no row names. Rows STO-07,
// STO-14.
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "base/digest.h"
#include "base/task.h"
#include "base/time.h"
#include "ports/blob_store.h"

namespace kontor {

struct BlobListing {
  Sha256 digest;
  std::uint64_t size = 0;
  Timestamp committed;  // when the bytes were first kept; by the store's own clock
};

// One look over the blobs. It protects what a publish under way counts on: the blob of each writer
// that lives when the sweep begins and was asked to commit, and of each that is asked to commit
// until the sweep is destroyed. So a caller that lists, asks the metadata store which of the blobs
// no row names, and removes those, never removes one whose row is about to be stored. What it
// remembers grows with the commits made meanwhile: use one sweep for one page.
class BlobSweep {
 public:
  virtual ~BlobSweep() = default;
  // By rising digest, those greater than `after`, protected ones left out; limit at most 65,536.
  virtual Task<std::vector<BlobListing>> list(std::optional<Sha256> after, std::uint32_t limit) = 0;
  // False where the blob is protected or gone. The removal may be undone by a crash.
  virtual Task<bool> remove(Sha256 digest) = 0;
};

// What uploads left behind that were begun and never committed, while no upload is under way.
struct BlobLeftovers {
  std::uint64_t count = 0;
  std::uint64_t bytes = 0;
};

// Thread: one instance belongs to one loop; it outlives its sweeps.
class BlobInventory {
 public:
  virtual ~BlobInventory() = default;
  virtual std::unique_ptr<BlobSweep> sweep() = 0;
  // The digests of the bytes as they can be read now, which are those the blob is named by unless
  // it was damaged. not_found where there is no such blob, storage_failed where it cannot be read.
  virtual Task<BlobDigests> rehash(Sha256 digest) = 0;
  virtual Task<BlobLeftovers> leftovers() = 0;
  // Only while no upload is under way.
  virtual Task<> remove_leftovers() = 0;
};

}  // namespace kontor
