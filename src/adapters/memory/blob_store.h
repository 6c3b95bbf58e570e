#pragma once
// BlobStore in memory, hashing with the portable code of base. Every task finishes inline.
#include "ports/blob_store.h"

#include <map>

namespace kontor::memory {

class BlobStore final : public kontor::BlobStore {
 public:
  Task<std::unique_ptr<BlobWriter>> stage() override;
  Task<std::optional<std::uint64_t>> find(Sha256 digest) override;
  Task<Bytes> read(Sha256 digest, std::uint64_t offset, std::uint64_t length) override;
  Task<> remove(Sha256 digest) override;

  std::size_t count() const { return blobs_.size(); }

 private:
  std::map<Sha256, Bytes> blobs_;
};

}  // namespace kontor::memory
