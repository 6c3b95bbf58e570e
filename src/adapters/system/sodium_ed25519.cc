// libsodium's calls in our types.
#include "adapters/system/sodium_ed25519.h"

#include "base/check.h"

#include <sodium.h>

namespace kontor::host {
namespace {

const unsigned char* bytes_of(ByteView text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

bool SodiumEd25519::verify(const tlog::PublicKey& key, ByteView message,
                           const tlog::RawSignature& signature) const {
  return crypto_sign_ed25519_verify_detached(signature.bytes.data(), bytes_of(message),
                                             message.size(), key.bytes.data()) == 0;
}

Ed25519Key::Ed25519Key(const std::array<std::uint8_t, kSeedBytes>& seed) {
  kontor::check(sodium_init() >= 0, "libsodium cannot be initialised");
  static_assert(crypto_sign_ed25519_SECRETKEYBYTES == 64);
  (void)sodium_mlock(secret_.data(), secret_.size());  // the limit may be too low: then it is not
  crypto_sign_ed25519_seed_keypair(public_key_.bytes.data(), secret_.data(), seed.data());
}

Ed25519Key::~Ed25519Key() {
  sodium_munlock(secret_.data(), secret_.size());
}

tlog::RawSignature Ed25519Key::sign(ByteView message) const {
  tlog::RawSignature signature;
  crypto_sign_ed25519_detached(signature.bytes.data(), nullptr, bytes_of(message), message.size(),
                               secret_.data());
  return signature;
}

}  // namespace kontor::host
