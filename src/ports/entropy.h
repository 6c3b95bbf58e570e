#pragma once
// Cryptographically strong random bytes.
#include "base/bytes.h"

namespace kontor {

class Entropy {
 public:
  virtual ~Entropy() = default;
  virtual Bytes bytes(std::size_t count) = 0;  // any thread; never fails
};

}  // namespace kontor
