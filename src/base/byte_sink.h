#pragma once
// Where a reader pushes the bytes it produced. An error ends the stream and is passed on.
#include "base/bytes.h"
#include "base/error.h"

namespace kontor {

class ByteSink {
 public:
  virtual ~ByteSink() = default;
  // `piece` is valid during the call only.
  virtual Result<void> write(ByteView piece) = 0;
};

}  // namespace kontor
