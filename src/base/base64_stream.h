#pragma once
// Streaming decoder of base64 (RFC 4648 section 4), strict: standard alphabet, right padding, no
// white space, no bits left over.
#include "base/bytes.h"

#include <array>
#include <cstdint>
#include <string>

namespace kontor {

class Base64Stream {
 public:
  // Appends what `text` decodes to: at most text.size() + 2 bytes, as up to three characters are
  // held between calls. False, for good, at the first character that does not belong.
  bool feed(ByteView text, std::string& out);

  // True where the text ended whole. The stream can then decode another text.
  bool finish();

 private:
  bool take(char c, std::string& out);
  bool close_group(std::string& out);

  std::array<char, 4> held_{};
  std::uint8_t count_ = 0;  // characters in held_
  bool padded_ = false;     // the padding came: nothing may follow
  bool failed_ = false;
};

}  // namespace kontor
