#pragma once
// Bodies of type multipart/form-data (RFC 7578), read while they arrive.
#include "base/bytes.h"
#include "base/error.h"

#include <optional>
#include <string>
#include <string_view>

namespace kontor::http {

struct PartHead {
  std::string name;
  std::string file_name;  // empty where none is stated
};

// Told of each part in the order begin_part, data (any number of pieces), end_part.
class PartSink {
 public:
  virtual ~PartSink() = default;
  virtual Result<void> begin_part(const PartHead& head) = 0;
  virtual Result<void> data(ByteView piece) = 0;
  virtual Result<void> end_part() = 0;
};

// The boundary of a Content-Type; nothing where that is no multipart/form-data, or its boundary
// breaks RFC 2046.
std::optional<std::string> multipart_boundary(std::string_view content_type);

// Memory: one piece and some kilobytes. After an error it may only be destroyed; errors are
// bad_request, too_large for heads over 4 KiB or more than 16 parts, and those of the sink.
class MultipartReader {
 public:
  explicit MultipartReader(std::string_view boundary);

  Result<void> feed(ByteView piece, PartSink& sink);
  // Fails where the body ended before its closing boundary.
  Result<void> finish() const;

 private:
  enum class State : std::uint8_t { preamble, boundary, head, data, ended };

  Result<bool> step(PartSink& sink);
  Result<bool> take_data(PartSink& sink);
  Result<bool> take_boundary();
  Result<bool> take_head(PartSink& sink);

  const std::string delimiter_;  // with the line end before it
  std::string held_ = "\r\n";    // before the first boundary the line end may be missing
  State state_ = State::preamble;
  std::uint32_t parts_ = 0;
};

}  // namespace kontor::http
