#pragma once
// Which blobs a sweep must leave alone: those of writers that were asked to commit.
#include "base/digest.h"

#include <functional>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace kontor::fs {

// One instance a process, beside the CommitQueue; any thread. Outlives its pins and sweeps.
class BlobsInUse {
 public:
  // Keeps one blob from every sweep as long as it lives.
  class Pin {
   public:
    Pin() = default;
    Pin(BlobsInUse& in_use, const Sha256& digest) : in_use_(&in_use), digest_(digest) {}
    Pin(Pin&& other) noexcept
        : in_use_(std::exchange(other.in_use_, nullptr)), digest_(other.digest_) {}
    Pin& operator=(Pin&& other) noexcept {
      std::swap(in_use_, other.in_use_);
      std::swap(digest_, other.digest_);
      return *this;
    }
    ~Pin() {
      if (in_use_) in_use_->unpin(digest_);
    }

   private:
    BlobsInUse* in_use_ = nullptr;
    Sha256 digest_;
  };

  // The blobs pinned when it began or since.
  class Sweep {
   public:
    explicit Sweep(BlobsInUse& in_use);
    ~Sweep();
    Sweep(const Sweep&) = delete;
    bool protects(const Sha256& digest) const;
    // Runs `remove` unless the blob is protected; no blob is pinned meanwhile. False where it did
    // not run or yields false.
    bool remove(const Sha256& digest, const std::function<bool()>& remove);

   private:
    friend class BlobsInUse;
    BlobsInUse& in_use_;
    std::unordered_set<Sha256> seen_;  // under the mutex of in_use_
  };

  // Before the blob is named.
  [[nodiscard]] Pin pin(const Sha256& digest);

 private:
  void unpin(const Sha256& digest);

  std::mutex mutex_;
  std::unordered_map<Sha256, std::size_t> pinned_;  // with the number of pins
  std::vector<Sweep*> sweeps_;
};

}  // namespace kontor::fs
