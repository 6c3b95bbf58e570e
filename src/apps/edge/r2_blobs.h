#pragma once
// Blobs in R2. Bytes leave the module as soon as they are decoded: the worker hashes them and keeps
// them until the blob has its name, small ones in its memory, large ones in the parts of an upload.
//
// "blobs/<sha256>" is the blob, or where it is large an empty object whose metadata name the object
// that holds the bytes: R2 can neither rename an object nor name an upload when it ends. Ori's
// archives, which are small enough to be put at once, lie where row STO-07 says. A blob is looked
// for in the first place, then in the second.
#include "apps/edge/host.h"
#include "ports/blob_store.h"

#include <array>

namespace kontor::edge {

// Where a blob is put in its bucket.
enum class BlobPlace : std::uint8_t { common, ori };
std::string blob_key(const Sha256& digest, BlobPlace place = BlobPlace::common);
// What the keys of such a place begin with, and no others.
std::string_view blob_prefix(BlobPlace place);
// Where it may be, in the order in which it is looked for.
std::array<std::string, 2> blob_keys(const Sha256& digest);

class R2Blobs final : public BlobStore {
 public:
  R2Blobs(Host& host, Entropy& entropy, BlobPlace place = BlobPlace::common)
      : host_(host), entropy_(entropy), place_(place) {}

  Task<std::unique_ptr<BlobWriter>> stage() override;
  Task<std::optional<std::uint64_t>> find(Sha256 digest) override;
  Task<Bytes> read(Sha256 digest, std::uint64_t offset, std::uint64_t length) override;
  Task<> probe() override;

 private:
  Host& host_;
  Entropy& entropy_;
  const BlobPlace place_;
};

}  // namespace kontor::edge
