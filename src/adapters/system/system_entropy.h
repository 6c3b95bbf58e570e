#pragma once
// The kernel's random number generator.
#include "ports/entropy.h"

namespace kontor::host {

class SystemEntropy final : public Entropy {
 public:
  Bytes bytes(std::size_t count) override;
};

}  // namespace kontor::host
