#pragma once
// Rendered documents by their ETag, which names one state and one representation of a package, and
// finished pieces of those that grow at their end. All share one budget; the least recently used go
// first. Nothing is ever stale, because another state has another name.
#include "archive/gzip_parts.h"
#include "base/bytes.h"
#include "registry/render_turns.h"

#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <unordered_map>

namespace kontor {

// What a run of versions adds to a document, in its two places, and where the next run begins.
struct DocumentPart {
  GzipPart versions, times;
  std::uint64_t next = 0;
};
using SharedPart = std::shared_ptr<const DocumentPart>;

// One a loop.
class DocumentCache {
 public:
  explicit DocumentCache(std::uint64_t max_bytes, Loop* loop = nullptr)
      : turns(loop), max_bytes_(max_bytes) {}

  SharedBytes find(const std::string& etag);  // null where it is not kept
  // A document larger than three quarters of the whole is kept only as long as somebody else holds
  // it.
  void put(const std::string& etag, SharedBytes document);
  SharedPart find_part(const std::string& name);
  void put_part(const std::string& name, SharedPart part);
  std::uint64_t bytes() const { return bytes_; }

  RenderTurns turns;

 private:
  struct Entry {
    std::string name;
    SharedBytes document;
    SharedPart part;
    std::uint64_t size = 0;
  };
  const Entry* find_entry(const std::string& name);
  void put_entry(Entry entry);
  void put_large(const std::string& etag, const SharedBytes& document);
  void drop_oldest();

  std::uint64_t max_bytes_;
  std::uint64_t bytes_ = 0;
  std::list<Entry> entries_;  // most recently used first
  std::unordered_map<std::string, std::list<Entry>::iterator> by_name_;
  std::unordered_map<std::string, std::weak_ptr<const Bytes>> large_;
};

}  // namespace kontor
