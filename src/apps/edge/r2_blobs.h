#pragma once
// Blobs in R2. Bytes leave the module as soon as they are decoded: the worker hashes them and keeps
// them until the blob has its name, small ones in its memory, large ones in the parts of an upload.
//
// "blobs/<sha256>" is the blob, or where it is large an empty object whose metadata name the object
// that holds the bytes: R2 can neither rename an object nor name an upload when it ends.
#include "apps/edge/host.h"
#include "ports/blob_store.h"

namespace kontor::edge {

// The key of a blob in its bucket.
std::string blob_key(const Sha256& digest);

class R2Blobs final : public BlobStore {
 public:
  R2Blobs(Host& host, Entropy& entropy) : host_(host), entropy_(entropy) {}

  Task<std::unique_ptr<BlobWriter>> stage() override;
  Task<std::optional<std::uint64_t>> find(Sha256 digest) override;
  Task<Bytes> read(Sha256 digest, std::uint64_t offset, std::uint64_t length) override;
  Task<> probe() override;

 private:
  Host& host_;
  Entropy& entropy_;
};

}  // namespace kontor::edge
