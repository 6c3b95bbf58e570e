#pragma once
// Files of blobs that were sent a moment ago, kept open for the next request of the same.
#include "adapters/asio/handler.h"

#include <cstdint>
#include <unordered_map>

namespace kontor::net {

// Belongs to one loop. A blob never changes, so an open file is never stale; it is let go soon all
// the same, because a removed blob gives its space back only when nobody has it open.
class BlobFiles {
 public:
  static constexpr std::size_t kMost = 256;
  static constexpr std::int64_t kKeptMs = 5'000;

  explicit BlobFiles(BlobOpener& opener) : opener_(opener) {}
  Result<SharedFd> open(const Sha256& digest, std::int64_t now_ms);
  void expire(std::int64_t now_ms);  // lets go of what was opened too long ago
  std::size_t size() const { return files_.size(); }

 private:
  struct File {
    SharedFd fd;
    std::int64_t opened_ms;
  };
  BlobOpener& opener_;
  std::unordered_map<Sha256, File> files_;
};

}  // namespace kontor::net
