#pragma once
// BlobStore in memory, hashing with the portable code of base. Every task finishes inline.
#include "ports/blob_inventory.h"

#include <map>
#include <set>

namespace kontor::memory {

// Blobs and who counts on them; see ports/blob_inventory.h.
struct Blobs {
  std::map<Sha256, Bytes> bytes;
  std::multiset<Sha256> pinned;  // by writers that were asked to commit
  std::set<std::set<Sha256>*> sweeps;
};

class BlobStore final : public kontor::BlobStore {
 public:
  Task<std::unique_ptr<BlobWriter>> stage() override;
  Task<std::optional<std::uint64_t>> find(Sha256 digest) override;
  Task<Bytes> read(Sha256 digest, std::uint64_t offset, std::uint64_t length) override;
  Task<> probe() override { co_return {}; }

  std::size_t count() const { return blobs_.bytes.size(); }
  Blobs& blobs() { return blobs_; }

 private:
  Blobs blobs_;
};

// All blobs count as committed at time 0, and uploads leave nothing behind.
class BlobInventory final : public kontor::BlobInventory {
 public:
  explicit BlobInventory(BlobStore& store) : blobs_(store.blobs()) {}
  std::unique_ptr<BlobSweep> sweep() override;
  Task<BlobDigests> rehash(Sha256 digest) override;
  Task<BlobLeftovers> leftovers() override;
  Task<> remove_leftovers() override;

 private:
  Blobs& blobs_;
};

}  // namespace kontor::memory
