// The nonce is random: at 192 bits none comes twice.
#include "adapters/system/sodium_secret_box.h"

#include "base/check.h"

#include <sodium.h>

namespace kontor::host {
namespace {

constexpr std::size_t kNonceBytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t kTagBytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;
static_assert(SodiumSecretBox::kKeyBytes == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);

const unsigned char* in(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}
unsigned char* out(Bytes& bytes) {
  return reinterpret_cast<unsigned char*>(bytes.data());
}

}  // namespace

SodiumSecretBox::SodiumSecretBox(Bytes key) : key_(std::move(key)) {
  check(sodium_init() >= 0 && key_.size() == kKeyBytes, "libsodium and a key of 32 bytes");
}

Bytes SodiumSecretBox::seal(std::string_view secret, std::string_view context) {
  Bytes nonce(kNonceBytes, '\0');
  randombytes_buf(nonce.data(), nonce.size());
  Bytes sealed(secret.size() + kTagBytes, '\0');
  crypto_aead_xchacha20poly1305_ietf_encrypt(out(sealed), nullptr, in(secret), secret.size(),
                                             in(context), context.size(), nullptr, in(nonce),
                                             in(key_));
  return nonce + sealed;
}

Result<Bytes> SodiumSecretBox::open(std::string_view box, std::string_view context) const {
  if (box.size() < kNonceBytes + kTagBytes)
    return fail(Code::storage_failed, {}, "a sealed secret is cut short");
  const auto nonce = box.substr(0, kNonceBytes);
  box.remove_prefix(kNonceBytes);
  Bytes secret(box.size() - kTagBytes, '\0');
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(out(secret), nullptr, nullptr, in(box), box.size(),
                                                 in(context), context.size(), in(nonce),
                                                 in(key_)) != 0)
    return fail(Code::storage_failed, {},
                "a sealed secret does not open with the key of this host");
  return secret;
}

}  // namespace kontor::host
