// A list in order of use and an index into it.
#include "registry/document_cache.h"

namespace kontor {
namespace {

constexpr std::uint64_t kOverhead = 256;  // bytes an entry costs besides its document

}  // namespace

SharedBytes DocumentCache::find(const std::string& etag) {
  const auto it = by_etag_.find(etag);
  if (it == by_etag_.end()) return nullptr;
  entries_.splice(entries_.begin(), entries_, it->second);
  return it->second->document;
}

void DocumentCache::put(const std::string& etag, SharedBytes document) {
  const auto size = document->size() + kOverhead;
  if (size > max_bytes_ / 4 || by_etag_.contains(etag)) return;
  while (bytes_ + size > max_bytes_) drop_oldest();
  entries_.push_front({etag, std::move(document)});
  by_etag_[etag] = entries_.begin();
  bytes_ += size;
}

void DocumentCache::drop_oldest() {
  const auto& oldest = entries_.back();
  bytes_ -= oldest.document->size() + kOverhead;
  by_etag_.erase(oldest.etag);
  entries_.pop_back();
}

}  // namespace kontor
