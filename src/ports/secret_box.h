#pragma once
// Secrets that the registry must read again (so no digest will do) go to a store sealed: whoever
// has the store without the host's key learns nothing.
#include "base/bytes.h"
#include "base/error.h"

#include <string_view>

namespace kontor {

// Any thread. Quick: for secrets of a few bytes.
class SecretBox {
 public:
  virtual ~SecretBox() = default;
  // Encrypts and authenticates; each call gives other bytes. `context` names the place the box
  // belongs to: it does not open in another.
  virtual Bytes seal(std::string_view secret, std::string_view context) = 0;
  // storage_failed where the bytes were altered, or sealed under another key or context.
  virtual Result<Bytes> open(std::string_view box, std::string_view context) const = 0;
};

}  // namespace kontor
