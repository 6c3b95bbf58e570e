#pragma once
// Push scanner of the inside of one JSON string: escapes, surrogates, UTF-8. Part of JsonScanner.
#include "base/byte_sink.h"
#include "base/bytes.h"
#include "base/error.h"

#include <array>
#include <cstdint>

namespace kontor {

// What becomes of the text of a string.
enum class JsonText : std::uint8_t {
  keep,    // checked, stays in the document as it is written
  decode,  // checked, its meaning goes to a sink
  // As decode, but found at memory speed: UTF-8 and control characters are not checked, which is
  // for a sink that refuses everything but an ASCII alphabet of its own.
  opaque,
};

// invalid_json: `what` is wrong at byte `at` of the text.
std::unexpected<Error> bad_json(std::string_view what, std::uint64_t at);

class JsonString {
 public:
  // Call behind the opening quote. `out` may be null for `keep`.
  void begin(JsonText mode, ByteSink* out);

  // Consumes from the front of `bytes`, which is at `at` in the body. True when the closing quote
  // was consumed, false when `bytes` is used up.
  Result<bool> feed(ByteView& bytes, std::uint64_t at);

 private:
  enum class State : std::uint8_t { plain, escape, hex, low_backslash, low_u };

  std::size_t plain_run(ByteView bytes) const;
  bool take_utf8(unsigned char c);
  std::string_view take_escape(char c);
  std::string_view take_hex(char c);
  std::string_view take_unit();
  void put(std::uint32_t point);
  Result<void> emit(ByteView text);

  JsonText mode_ = JsonText::keep;
  ByteSink* out_ = nullptr;
  State state_ = State::plain;
  // Of a UTF-8 sequence: bytes to come and the range of the next one.
  std::uint8_t need_ = 0, low_ = 0, high_ = 0;
  // Of a \uXXXX escape: digits to come, the value so far, and the first half of a pair.
  std::uint8_t digits_ = 0;
  std::uint32_t unit_ = 0, high_surrogate_ = 0;
  // What an escape stands for, until it is emitted.
  std::array<char, 4> decoded_{};
  std::uint8_t decoded_size_ = 0;
};

}  // namespace kontor
