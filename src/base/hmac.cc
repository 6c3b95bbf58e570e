// One construction for both digests; their blocks have the same length.
#include "base/hmac.h"

#include "base/sha1.h"
#include "base/sha256.h"

namespace kontor {
namespace {

constexpr std::size_t kBlockBytes = 64;
static_assert(Sha1Traits::kBlockBytes == kBlockBytes && Sha256Traits::kBlockBytes == kBlockBytes);

std::string xor_padded(std::string key, char with) {
  key.resize(kBlockBytes, '\0');
  for (char& c : key) c = static_cast<char>(c ^ with);
  return key;
}

template <class Hash>
auto hmac(std::string_view key, std::string_view message) {
  const auto digest = [](std::string_view first, std::string_view second) {
    Hash hash;
    hash.update(first);
    hash.update(second);
    return hash.finish();
  };
  std::string block(key);
  if (block.size() > kBlockBytes) block = std::string(digest(key, {}).view());
  const auto inner = digest(xor_padded(block, 0x36), message);
  return digest(xor_padded(block, 0x5C), inner.view());
}

}  // namespace

Sha1 hmac_sha1(std::string_view key, std::string_view message) {
  return hmac<Sha1Hash>(key, message);
}

Sha256 hmac_sha256(std::string_view key, std::string_view message) {
  return hmac<Sha256Hash>(key, message);
}

}  // namespace kontor
