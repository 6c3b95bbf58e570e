#pragma once
// SHA-512 (FIPS 180-4), portable. For hosts without a faster one.
#include "base/block_hash.h"
#include "base/digest.h"

#include <cstddef>
#include <string_view>

namespace kontor {

struct Sha512Traits {
  using Word = std::uint64_t;
  static constexpr std::size_t kStateWords = 8, kBlockBytes = 128, kLengthBytes = 16;
  static constexpr std::array<Word, kStateWords> kStart = {
      0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
      0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179};
  static void compress(std::array<Word, kStateWords>& state, const unsigned char* block);
};

using Sha512Hash = BlockHash<Sha512Traits, Sha512>;  // incremental: update() then finish()

Sha512 sha512(std::string_view bytes);

}  // namespace kontor
