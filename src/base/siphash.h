#pragma once
// SipHash-2-4 (Aumasson, Bernstein 2012) to 64 bits.
#include "base/bytes.h"

#include <cstdint>

namespace kontor {

// With a fixed key it hides nothing, but no way is known to find colliding names other than trying
// some 2^32 of them, and none to collide with somebody else's name below 2^64.
std::uint64_t siphash(ByteView bytes, std::uint64_t key0 = 0, std::uint64_t key1 = 0);

}  // namespace kontor
