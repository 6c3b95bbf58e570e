#pragma once
// Rendered documents by their ETag, which names one state and one representation of a package. The
// least recently used go first; nothing is ever stale, because another state has another ETag.
#include "base/bytes.h"

#include <cstdint>
#include <list>
#include <string>
#include <unordered_map>

namespace kontor {

// One a loop.
class DocumentCache {
 public:
  explicit DocumentCache(std::uint64_t max_bytes) : max_bytes_(max_bytes) {}

  SharedBytes find(const std::string& etag);  // null where it is not kept
  // A document larger than a quarter of the whole is not kept.
  void put(const std::string& etag, SharedBytes document);
  std::uint64_t bytes() const { return bytes_; }

 private:
  struct Entry {
    std::string etag;
    SharedBytes document;
  };
  void drop_oldest();

  std::uint64_t max_bytes_;
  std::uint64_t bytes_ = 0;
  std::list<Entry> entries_;  // most recently used first
  std::unordered_map<std::string, std::list<Entry>::iterator> by_etag_;
};

}  // namespace kontor
