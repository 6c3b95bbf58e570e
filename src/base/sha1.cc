// SHA-1 (FIPS 180-4): the compression function.
#include "base/sha1.h"

namespace kontor {
namespace {

struct Round {
  std::uint32_t mix;
  std::uint32_t constant;
};

Round round_of(int i, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
  if (i < 20) return {(b & c) | (~b & d), 0x5a827999};
  if (i < 40) return {b ^ c ^ d, 0x6ed9eba1};
  if (i < 60) return {(b & c) | (b & d) | (c & d), 0x8f1bbcdc};
  return {b ^ c ^ d, 0xca62c1d6};
}

}  // namespace

void Sha1Traits::compress(std::array<Word, kStateWords>& state, const unsigned char* block) {
  std::uint32_t w[80];
  for (int i = 0; i < 16; ++i) w[i] = load_big_endian<std::uint32_t>(block + 4 * i);
  for (int i = 16; i < 80; ++i) w[i] = std::rotl(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
  auto [a, b, c, d, e] = state;
  for (int i = 0; i < 80; ++i) {
    const auto [mix, constant] = round_of(i, b, c, d);
    const std::uint32_t next = std::rotl(a, 5) + mix + e + constant + w[i];
    e = d;
    d = c;
    c = std::rotl(b, 30);
    b = a;
    a = next;
  }
  const std::array<Word, kStateWords> add = {a, b, c, d, e};
  for (std::size_t i = 0; i < kStateWords; ++i) state[i] += add[i];
}

Sha1 sha1(std::string_view bytes) {
  Sha1Hash hash;
  hash.update(bytes);
  return hash.finish();
}

}  // namespace kontor
