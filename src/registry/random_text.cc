// Draws until enough unbiased characters are there.
#include "registry/random_text.h"

#include "base/encoding.h"
#include "domain/token_text.h"

namespace kontor {

std::string random_base62(Entropy& entropy, std::size_t length) {
  std::string out;
  while (out.size() < length) out += unbiased_base62(entropy.bytes(length + 8));
  out.resize(length);
  return out;
}

std::string random_hex(Entropy& entropy, std::size_t bytes) {
  return to_hex(entropy.bytes(bytes));
}

}  // namespace kontor
