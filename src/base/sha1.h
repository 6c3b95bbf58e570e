#pragma once
// SHA-1 (FIPS 180-4), portable. npm's `shasum` field asks for it; nothing trusts it.
#include "base/block_hash.h"
#include "base/digest.h"

#include <cstddef>
#include <string_view>

namespace kontor {

struct Sha1Traits {
  using Word = std::uint32_t;
  static constexpr std::size_t kStateWords = 5, kBlockBytes = 64, kLengthBytes = 8;
  static constexpr std::array<Word, kStateWords> kStart = {0x67452301, 0xefcdab89, 0x98badcfe,
                                                           0x10325476, 0xc3d2e1f0};
  static void compress(std::array<Word, kStateWords>& state, const unsigned char* block);
};

using Sha1Hash = BlockHash<Sha1Traits, Sha1>;  // incremental: update() then finish()

Sha1 sha1(std::string_view bytes);

}  // namespace kontor
