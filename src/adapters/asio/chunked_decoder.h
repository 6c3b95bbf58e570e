#pragma once
// Chunked transfer coding (RFC 9112 section 7.1) of request bodies, decoded in place. Stricter than
// llhttp's: bare line feeds, blanks around sizes and endless extensions are refused.
#include "base/error.h"

#include <cstddef>
#include <cstdint>
#include <span>

namespace kontor::net {

class ChunkedDecoder {
 public:
  struct Step {
    std::size_t consumed = 0;  // bytes read from the front of the input
    std::size_t produced = 0;  // decoded bytes, now at the front of the input
    bool done = false;         // the last chunk and its trailers are over
  };
  // Decodes until the input or the body ends. After done, bytes from `consumed` on belong to the
  // next request. bad_request where the coding is broken; then nothing more may be decoded.
  Result<Step> decode(std::span<char> bytes);

 private:
  enum class State : std::uint8_t {
    size_first,
    size,
    extension,
    size_lf,
    data,
    data_cr,
    data_lf,
    trailer_first,
    trailer,
    trailer_lf,
    last_lf,
    done
  };
  bool control(char c);      // one byte that is not payload; false: broken
  bool end_of_size(char c);  // what may follow the digits of a size

  State state_ = State::size_first;
  std::uint64_t left_ = 0;  // payload left in this chunk
  std::uint32_t digits_ = 0;
  std::uint32_t overhead_ = 0;  // bytes of this extension, or of all trailers
};

}  // namespace kontor::net
