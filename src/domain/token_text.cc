// CRC-32 is the one of zlib (IEEE 802.3, reflected), computed bit by bit: 30 bytes do not deserve a
// table.
#include "domain/token_text.h"

#include "base/check.h"
#include "base/encoding.h"

#include <algorithm>
#include <cstdint>

namespace kontor {
namespace {

constexpr std::string_view kPrefix = "npm_";
constexpr std::size_t kSecretLength = 30;
constexpr std::size_t kCheckLength = 6;
static_assert(kPrefix.size() + kSecretLength + kCheckLength == kTokenTextLength);

std::uint32_t crc32(std::string_view bytes) {
  std::uint32_t crc = ~0u;
  for (unsigned char c : bytes) {
    crc ^= c;
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ (0xEDB88320u & (0u - (crc & 1)));
  }
  return ~crc;
}

bool is_base62(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

}  // namespace

std::string unbiased_base62(std::string_view random) {
  constexpr unsigned kLimit = 256 / 62 * 62;
  std::string out;
  for (unsigned char c : random)
    if (c < kLimit) out += to_base62(c % 62, 1);
  return out;
}

std::string make_token_text(std::string_view secret) {
  check(secret.size() == kSecretLength, "a token has 30 secret characters");
  return std::string(kPrefix) + std::string(secret) + to_base62(crc32(secret), kCheckLength);
}

bool is_token_text(std::string_view text) {
  if (text.size() != kTokenTextLength || !text.starts_with(kPrefix)) return false;
  const auto secret = text.substr(kPrefix.size(), kSecretLength);
  return std::ranges::all_of(secret, is_base62) &&
         text.substr(kPrefix.size() + kSecretLength) == to_base62(crc32(secret), kCheckLength);
}

}  // namespace kontor
