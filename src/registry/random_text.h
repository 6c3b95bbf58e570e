#pragma once
// Unguessable text out of the entropy port.
#include "ports/entropy.h"

#include <string>

namespace kontor {

// Characters of 0-9A-Za-z, each equally likely: 5.95 bits apiece.
std::string random_base62(Entropy& entropy, std::size_t length);

// Lower-case hex of `bytes` random bytes.
std::string random_hex(Entropy& entropy, std::size_t bytes);

}  // namespace kontor
