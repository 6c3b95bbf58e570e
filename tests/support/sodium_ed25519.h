#pragma once
// Ed25519 of libsodium for tests of the log, with keys made from a phrase.
#include "base/sha256.h"
#include "tlog/note.h"

#include <array>
#include <sodium.h>
#include <string>

namespace kontor::tlog::testing {

class SodiumEd25519 final : public Ed25519 {
 public:
  bool verify(const PublicKey& key, ByteView message,
              const RawSignature& signature) const override {
    return crypto_sign_ed25519_verify_detached(
               signature.bytes.data(), reinterpret_cast<const unsigned char*>(message.data()),
               message.size(), key.bytes.data()) == 0;
  }
};

// A key pair whose seed is the SHA-256 of a phrase, as the sample log's are.
class Signer {
 public:
  Signer(std::string name, SignatureType type, ByteView phrase) {
    const Sha256 seed = sha256(phrase);
    PublicKey key;
    crypto_sign_ed25519_seed_keypair(key.bytes.data(), secret_.data(), seed.bytes.data());
    key_ = *make_key(std::move(name), type, key);
  }

  const NoteKey& key() const { return key_; }

  RawSignature sign(ByteView message) const {
    RawSignature signature;
    crypto_sign_ed25519_detached(signature.bytes.data(), nullptr,
                                 reinterpret_cast<const unsigned char*>(message.data()),
                                 message.size(), secret_.data());
    return signature;
  }
  // The line of a log's key.
  NoteSignature line(ByteView text) const { return make_signature(key_, sign(text)); }
  // The line of a witness.
  NoteSignature line(ByteView text, std::uint64_t time) const {
    return make_cosignature(key_, time, sign(cosigned_bytes(text, time)));
  }

 private:
  std::array<unsigned char, crypto_sign_ed25519_SECRETKEYBYTES> secret_{};
  NoteKey key_;
};

}  // namespace kontor::tlog::testing
