#pragma once
// SecretBox by XChaCha20-Poly1305 of libsodium: a random nonce of 24 bytes, then the ciphertext
// with its tag; the context is authenticated with it.
#include "ports/secret_box.h"

namespace kontor::host {

class SodiumSecretBox final : public SecretBox {
 public:
  static constexpr std::size_t kKeyBytes = 32;

  explicit SodiumSecretBox(Bytes key);  // kKeyBytes
  Bytes seal(std::string_view secret, std::string_view context) override;
  Result<Bytes> open(std::string_view box, std::string_view context) const override;

 private:
  const Bytes key_;
};

}  // namespace kontor::host
