// Whatever OpenSSL notes on its error queue is dropped: the callers say what is wrong.
#include "adapters/sigstore/crypto.h"

#include <openssl/err.h>

namespace kontor::sigstore {
namespace {

const unsigned char* data_of(ByteView bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

template <class Encode, class Thing>
Bytes encoded(Encode encode, Thing* thing) {
  unsigned char* out = nullptr;
  const int size = encode(thing, &out);
  if (size <= 0) return {};
  Bytes bytes(reinterpret_cast<const char*>(out), static_cast<std::size_t>(size));
  OPENSSL_free(out);
  return bytes;
}

// Null for Ed25519, which hashes by itself.
const EVP_MD* digest_for(EVP_PKEY* key) {
  if (!EVP_PKEY_is_a(key, "EC")) return nullptr;
  return EVP_PKEY_get_bits(key) > 256 ? EVP_sha384() : EVP_sha256();
}

}  // namespace

Key read_key(ByteView spki) {
  const unsigned char* at = data_of(spki);
  Key key(d2i_PUBKEY(nullptr, &at, static_cast<long>(spki.size())), &EVP_PKEY_free);
  ERR_clear_error();
  return key && at == data_of(spki) + spki.size() ? key : nullptr;
}

Certificate read_certificate(ByteView der) {
  const unsigned char* at = data_of(der);
  Certificate certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())), &X509_free);
  ERR_clear_error();
  return certificate && at == data_of(der) + der.size() ? certificate : nullptr;
}

Bytes der_of(const Certificate& certificate) {
  return encoded(i2d_X509, certificate.get());
}

Bytes spki_of(EVP_PKEY* key) {
  return encoded(i2d_PUBKEY, key);
}

bool verify(EVP_PKEY* key, ByteView message, ByteView signature) {
  if (!key || (!EVP_PKEY_is_a(key, "EC") && !EVP_PKEY_is_a(key, "ED25519"))) return false;
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        &EVP_MD_CTX_free);
  const bool holds =
      context && EVP_DigestVerifyInit(context.get(), nullptr, digest_for(key), nullptr, key) == 1 &&
      EVP_DigestVerify(context.get(), data_of(signature), signature.size(), data_of(message),
                       message.size()) == 1;
  ERR_clear_error();
  return holds;
}

std::unexpected<Error> refuse(std::string detail) {
  return fail(Code::invalid_proof, "The provenance bundle is refused: " + std::move(detail));
}

}  // namespace kontor::sigstore
