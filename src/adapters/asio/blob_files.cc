// When all places are taken the whole set is dropped: simpler than an order of use, and right again
// after a handful of requests.
#include "adapters/asio/blob_files.h"

namespace kontor::net {

Result<SharedFd> BlobFiles::open(const Sha256& digest, std::int64_t now_ms) {
  if (const auto it = files_.find(digest); it != files_.end()) return it->second.fd;
  auto opened = opener_.open(digest);
  if (!opened) return fail(opened);
  if (files_.size() >= kMost) files_.clear();
  files_.emplace(digest, File{*opened, now_ms});
  return opened;
}

void BlobFiles::expire(std::int64_t now_ms) {
  std::erase_if(files_, [&](const auto& f) { return now_ms - f.second.opened_ms >= kKeptMs; });
}

}  // namespace kontor::net
