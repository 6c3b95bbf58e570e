#pragma once
// SHA-256 (FIPS 180-4) for small inputs: token hashes, ETags, log leaves. Bulk hashing of uploads
// belongs to the BlobWriter port, where the host has faster code.
#include <cstddef>
#include <string_view>

#include "base/block_hash.h"
#include "base/digest.h"

namespace kontor {

struct Sha256Traits {
  using Word = std::uint32_t;
  static constexpr std::size_t kStateWords = 8, kBlockBytes = 64, kLengthBytes = 8;
  static constexpr std::array<Word, kStateWords> kStart = {0x6a09e667, 0xbb67ae85, 0x3c6ef372,
                                                           0xa54ff53a, 0x510e527f, 0x9b05688c,
                                                           0x1f83d9ab, 0x5be0cd19};
  static void compress(std::array<Word, kStateWords>& state, const unsigned char* block);
};

using Sha256Hash = BlockHash<Sha256Traits, Sha256>;  // incremental: update() then finish()

Sha256 sha256(std::string_view bytes);

}  // namespace kontor
