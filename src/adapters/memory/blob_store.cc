// Blobs in a map; a writer holds its bytes itself until it commits.
#include "adapters/memory/blob_store.h"

#include "base/sha1.h"
#include "base/sha256.h"
#include "base/sha512.h"

namespace kontor::memory {
namespace {

constexpr std::uint64_t kMaxRead = 16ull << 20;

BlobDigests digests_of(const Bytes& bytes) {
  return {sha1(bytes), sha256(bytes), sha512(bytes), bytes.size()};
}

class Writer final : public BlobWriter {
 public:
  explicit Writer(Blobs& blobs) : blobs_(blobs) {}
  ~Writer() override {
    if (pinned_) blobs_.pinned.erase(blobs_.pinned.find(digests_->sha256));
  }

  Task<> append(ByteView piece) override {
    if (digests_) co_return fail(Code::internal, {}, "append to a sealed blob");
    bytes_ += piece;
    co_return {};
  }
  Task<BlobDigests> seal() override {
    if (!digests_) digests_ = digests_of(bytes_);
    co_return *digests_;
  }
  Task<> commit() override {
    if (!digests_) co_return fail(Code::internal, {}, "commit of an unsealed blob");
    if (!std::exchange(pinned_, true)) {
      blobs_.pinned.insert(digests_->sha256);
      for (auto* sweep : blobs_.sweeps) sweep->insert(digests_->sha256);
    }
    blobs_.bytes.try_emplace(digests_->sha256, bytes_);
    co_return {};
  }

 private:
  Blobs& blobs_;
  Bytes bytes_;
  std::optional<BlobDigests> digests_;
  bool pinned_ = false;
};

class Sweep final : public BlobSweep {
 public:
  explicit Sweep(Blobs& blobs)
      : blobs_(blobs), protected_(blobs.pinned.begin(), blobs.pinned.end()) {
    blobs_.sweeps.insert(&protected_);
  }
  ~Sweep() override { blobs_.sweeps.erase(&protected_); }

  Task<std::vector<BlobListing>> list(std::optional<Sha256> after, std::uint32_t limit) override {
    std::vector<BlobListing> out;
    for (auto it = after ? blobs_.bytes.upper_bound(*after) : blobs_.bytes.begin();
         it != blobs_.bytes.end() && out.size() < limit; ++it)
      if (!protected_.contains(it->first)) out.push_back({it->first, it->second.size(), {}});
    co_return out;
  }
  Task<bool> remove(Sha256 digest) override {
    co_return !protected_.contains(digest) && blobs_.bytes.erase(digest) > 0;
  }

 private:
  Blobs& blobs_;
  std::set<Sha256> protected_;
};

}  // namespace

Task<std::unique_ptr<BlobWriter>> BlobStore::stage() {
  co_return std::make_unique<Writer>(blobs_);
}

Task<std::optional<std::uint64_t>> BlobStore::find(Sha256 digest) {
  const auto it = blobs_.bytes.find(digest);
  if (it == blobs_.bytes.end()) co_return std::nullopt;
  co_return std::uint64_t{it->second.size()};
}

Task<Bytes> BlobStore::read(Sha256 digest, std::uint64_t offset, std::uint64_t length) {
  if (length > kMaxRead) co_return fail(Code::too_large, {}, "read of more than 16 MiB");
  const auto it = blobs_.bytes.find(digest);
  if (it == blobs_.bytes.end()) co_return fail(Code::not_found);
  if (offset >= it->second.size()) co_return Bytes();
  co_return it->second.substr(static_cast<std::size_t>(offset), static_cast<std::size_t>(length));
}

std::unique_ptr<BlobSweep> BlobInventory::sweep() { return std::make_unique<Sweep>(blobs_); }

Task<BlobDigests> BlobInventory::rehash(Sha256 digest) {
  const auto it = blobs_.bytes.find(digest);
  if (it == blobs_.bytes.end()) co_return fail(Code::not_found);
  co_return digests_of(it->second);
}

Task<BlobLeftovers> BlobInventory::leftovers() { co_return BlobLeftovers{}; }

Task<> BlobInventory::remove_leftovers() { co_return {}; }

}  // namespace kontor::memory
