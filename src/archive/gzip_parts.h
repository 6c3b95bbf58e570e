#pragma once
// Texts compressed one by one that together make one gzip member, so that a document that grows at
// its end is not compressed anew as a whole.
#include "base/bytes.h"

#include <cstdint>

namespace kontor {

// A text as deflate blocks that end at a byte and refer to nothing before them.
struct GzipPart {
  Bytes deflated;
  std::uint32_t crc = 0;
  std::uint64_t size = 0;  // of the text
};

// Level as in gzip(). Aborts where memory runs out.
GzipPart gzip_part(ByteView text, int level);

// Puts parts one behind the other. Every gzip reader sees one member that holds all their texts.
class GzipJoiner {
 public:
  explicit GzipJoiner(std::size_t deflated_bytes);  // of all parts, a guess that saves copying
  void add(const GzipPart& part);
  Bytes finish() &&;  // once

 private:
  Bytes out_;
  std::uint32_t crc_ = 0;
  std::uint64_t size_ = 0;
};

}  // namespace kontor
