#pragma once
// Ed25519 (RFC 8032) by libsodium: verification, and keys that sign.
#include "tlog/note_key.h"

#include <array>

namespace kontor::host {

class SodiumEd25519 final : public tlog::Ed25519 {
 public:
  bool verify(const tlog::PublicKey& key, ByteView message,
              const tlog::RawSignature& signature) const override;
};

// A private key in locked memory, which is wiped when it goes.
class Ed25519Key {
 public:
  static constexpr std::size_t kSeedBytes = 32;

  // From `seed`, which is the whole secret (RFC 8032, section 5.1.5).
  explicit Ed25519Key(const std::array<std::uint8_t, kSeedBytes>& seed);
  ~Ed25519Key();
  Ed25519Key(const Ed25519Key&) = delete;
  Ed25519Key& operator=(const Ed25519Key&) = delete;

  const tlog::PublicKey& public_key() const { return public_key_; }
  tlog::RawSignature sign(ByteView message) const;

 private:
  std::array<unsigned char, 64> secret_;
  tlog::PublicKey public_key_;
};

}  // namespace kontor::host
