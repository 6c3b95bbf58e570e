#pragma once
// Keys of this server that exist in one file each and nowhere else.
#include "base/bytes.h"
#include "base/error.h"
#include "ports/entropy.h"

#include <string>

namespace kontor::fs {

inline constexpr std::size_t kKeyFileBytes = 32;

// The bytes of the key file, which is made with mode 0600 from fresh random bytes where it is not
// there; on return it is durable. Fails, with a sentence for the operator, where it cannot be read
// or made, does not hold 32 bytes, or may be read by other users.
Result<Bytes> load_or_make_key(const std::string& path, Entropy& entropy);

}  // namespace kontor::fs
