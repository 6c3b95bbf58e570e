#pragma once
// Cuts an input into pieces whose lengths come from a seed, to compare with feeding it whole.
#include "base/bytes.h"

#include <algorithm>
#include <cstdint>

namespace kontor::fuzz {

// Takes the first byte of the input as the seed.
inline std::uint32_t take_seed(ByteView& input) {
  if (input.empty()) return 0;
  const auto seed = static_cast<unsigned char>(input.front());
  input.remove_prefix(1);
  return seed;
}

// Calls feed(piece) until it answers false; an even seed makes tiny pieces, an odd one larger ones.
template <class Feed>
void in_pieces(ByteView input, std::uint32_t seed, Feed feed) {
  const std::uint32_t most = seed % 2 == 0 ? 3 : 700;
  while (!input.empty()) {
    seed = seed * 1664525 + 1013904223;
    const std::size_t size = std::min<std::size_t>(input.size(), (seed >> 8) % most + 1);
    if (!feed(input.substr(0, size))) return;
    input.remove_prefix(size);
  }
}

}  // namespace kontor::fuzz
