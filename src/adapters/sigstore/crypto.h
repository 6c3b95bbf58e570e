#pragma once
// What a cryptographic library has to do here: OpenSSL on this machine (openssl/), Mbed TLS in the
// wasm32 module (mbedtls/).
#include "base/bytes.h"
#include "base/error.h"
#include "base/time.h"

#include <memory>
#include <vector>

namespace kontor::sigstore {

struct PublicKey;          // as the library
struct ParsedCertificate;  // has them
using Key = std::shared_ptr<const PublicKey>;
using Certificate = std::shared_ptr<const ParsedCertificate>;

// Null where the bytes are no such thing, with nothing behind it.
Key read_key(ByteView spki);
Certificate read_certificate(ByteView der);

ByteView der_of(const Certificate& certificate);  // as it was read; lives as long
Key key_of(const Certificate& certificate);

enum class HashKind : std::uint8_t { sha256, sha384, sha512 };
Bytes digest_of(HashKind kind, ByteView message);

// ECDSA, or with the digest that fits the curve also Ed25519; false for other keys.
bool verify(const Key& key, ByteView message, ByteView signature);
bool verify(const Key& key, HashKind kind, ByteView message, ByteView signature);

// From `start` to `end`, both included.
struct Validity {
  Timestamp start;
  std::optional<Timestamp> end;
  bool holds(Timestamp at) const { return at >= start && (!end || at <= *end); }
};

// The chain (RFC 5280) from the certificate to the last of `trusted`, by way of the others, all of
// them valid at `at`; empty where there is none.
std::vector<Certificate> chain_of(const Certificate& certificate,
                                  const std::vector<Certificate>& trusted, Timestamp at);

// `detail` says which step failed.
inline std::unexpected<Error> refuse(const std::string& detail) {
  return fail(Code::invalid_proof, "The provenance bundle is refused: " + detail);
}

}  // namespace kontor::sigstore
