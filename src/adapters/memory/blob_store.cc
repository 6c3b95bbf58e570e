// Blobs in a map; a writer holds its bytes itself until it commits.
#include "adapters/memory/blob_store.h"

#include "base/sha1.h"
#include "base/sha256.h"
#include "base/sha512.h"

namespace kontor::memory {
namespace {

constexpr std::uint64_t kMaxRead = 16ull << 20;

class Writer final : public BlobWriter {
 public:
  explicit Writer(std::map<Sha256, Bytes>& blobs) : blobs_(blobs) {}

  Task<> append(ByteView piece) override {
    if (digests_) co_return fail(Code::internal, {}, "append to a sealed blob");
    bytes_ += piece;
    co_return {};
  }
  Task<BlobDigests> seal() override {
    if (!digests_)
      digests_ = BlobDigests{sha1(bytes_), sha256(bytes_), sha512(bytes_), bytes_.size()};
    co_return *digests_;
  }
  Task<> commit() override {
    if (!digests_) co_return fail(Code::internal, {}, "commit of an unsealed blob");
    blobs_.try_emplace(digests_->sha256, bytes_);
    co_return {};
  }

 private:
  std::map<Sha256, Bytes>& blobs_;
  Bytes bytes_;
  std::optional<BlobDigests> digests_;
};

}  // namespace

Task<std::unique_ptr<BlobWriter>> BlobStore::stage() {
  co_return std::make_unique<Writer>(blobs_);
}

Task<std::optional<std::uint64_t>> BlobStore::find(Sha256 digest) {
  const auto it = blobs_.find(digest);
  if (it == blobs_.end()) co_return std::nullopt;
  co_return std::uint64_t{it->second.size()};
}

Task<Bytes> BlobStore::read(Sha256 digest, std::uint64_t offset, std::uint64_t length) {
  if (length > kMaxRead) co_return fail(Code::too_large, {}, "read of more than 16 MiB");
  const auto it = blobs_.find(digest);
  if (it == blobs_.end()) co_return fail(Code::not_found);
  if (offset >= it->second.size()) co_return Bytes();
  co_return it->second.substr(static_cast<std::size_t>(offset), static_cast<std::size_t>(length));
}

Task<> BlobStore::remove(Sha256 digest) {
  blobs_.erase(digest);
  co_return {};
}

}  // namespace kontor::memory
