#pragma once
// OpenSSL's objects as values that free themselves, and the few calls that several files make.
#include "base/bytes.h"
#include "base/error.h"
#include "base/time.h"

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <vector>

namespace kontor::sigstore {

using Key = std::shared_ptr<EVP_PKEY>;
using Certificate = std::shared_ptr<X509>;

// Null where the bytes are no such thing, with nothing behind it.
Key read_key(ByteView spki);
Certificate read_certificate(ByteView der);

Bytes der_of(const Certificate& certificate);
Bytes spki_of(EVP_PKEY* key);

// ECDSA with the digest that fits the curve, or Ed25519; false for other keys.
bool verify(EVP_PKEY* key, ByteView message, ByteView signature);

// `detail` says which step failed.
std::unexpected<Error> refuse(std::string detail);

// From `start` to `end`, both included.
struct Validity {
  Timestamp start;
  std::optional<Timestamp> end;
  bool holds(Timestamp at) const { return at >= start && (!end || at <= *end); }
};

}  // namespace kontor::sigstore
