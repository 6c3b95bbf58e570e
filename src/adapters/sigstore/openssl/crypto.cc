// Whatever OpenSSL notes on its error queue is dropped: the callers say what is wrong.
#include "adapters/sigstore/crypto.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

namespace kontor::sigstore {

struct PublicKey {
  ~PublicKey() { EVP_PKEY_free(handle); }
  EVP_PKEY* handle = nullptr;
};

struct ParsedCertificate {
  ~ParsedCertificate() { X509_free(handle); }
  X509* handle = nullptr;
  Bytes der;
};

namespace {

template <class T>
using Owned = std::unique_ptr<T, void (*)(T*)>;

const unsigned char* data_of(ByteView bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

const EVP_MD* method_of(HashKind kind) {
  return kind == HashKind::sha256   ? EVP_sha256()
         : kind == HashKind::sha384 ? EVP_sha384()
                                    : EVP_sha512();
}

// A null method: Ed25519, which hashes by itself.
bool verify_by(EVP_PKEY* key, const EVP_MD* method, ByteView message, ByteView signature) {
  const Owned<EVP_MD_CTX> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  const bool holds = context &&
                     EVP_DigestVerifyInit(context.get(), nullptr, method, nullptr, key) == 1 &&
                     EVP_DigestVerify(context.get(), data_of(signature), signature.size(),
                                      data_of(message), message.size()) == 1;
  ERR_clear_error();
  return holds;
}

// Those that it leads through, by OpenSSL's own count of references.
std::vector<Certificate> found_by(X509_STORE_CTX* context, const std::vector<Certificate>& known) {
  std::vector<Certificate> chain;
  STACK_OF(X509)* const found = X509_STORE_CTX_get0_chain(context);
  for (int i = 0; i < sk_X509_num(found); ++i)
    for (const auto& certificate : known)
      if (X509_cmp(certificate->handle, sk_X509_value(found, i)) == 0) {
        chain.push_back(certificate);
        break;
      }
  return chain;
}

}  // namespace

Key read_key(ByteView spki) {
  const unsigned char* at = data_of(spki);
  auto key = std::make_shared<PublicKey>();
  key->handle = d2i_PUBKEY(nullptr, &at, static_cast<long>(spki.size()));
  ERR_clear_error();
  return key->handle && at == data_of(spki) + spki.size() ? key : nullptr;
}

Certificate read_certificate(ByteView der) {
  const unsigned char* at = data_of(der);
  auto certificate = std::make_shared<ParsedCertificate>();
  certificate->handle = d2i_X509(nullptr, &at, static_cast<long>(der.size()));
  certificate->der = Bytes(der);
  ERR_clear_error();
  return certificate->handle && at == data_of(der) + der.size() ? certificate : nullptr;
}

ByteView der_of(const Certificate& certificate) {
  return certificate->der;
}

Key key_of(const Certificate& certificate) {
  auto key = std::make_shared<PublicKey>();
  key->handle = X509_get_pubkey(certificate->handle);
  ERR_clear_error();
  return key->handle ? key : nullptr;
}

Bytes digest_of(HashKind kind, ByteView message) {
  unsigned char out[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  if (EVP_Digest(message.data(), message.size(), out, &size, method_of(kind), nullptr) != 1)
    return {};
  return {reinterpret_cast<const char*>(out), size};
}

bool verify(const Key& key, ByteView message, ByteView signature) {
  if (key && EVP_PKEY_is_a(key->handle, "ED25519"))
    return verify_by(key->handle, nullptr, message, signature);
  const bool wide = key && EVP_PKEY_get_bits(key->handle) > 256;
  return verify(key, wide ? HashKind::sha384 : HashKind::sha256, message, signature);
}

bool verify(const Key& key, HashKind kind, ByteView message, ByteView signature) {
  return key && EVP_PKEY_is_a(key->handle, "EC") &&
         verify_by(key->handle, method_of(kind), message, signature);
}

std::vector<Certificate> chain_of(const Certificate& certificate,
                                  const std::vector<Certificate>& trusted, Timestamp at) {
  const Owned<X509_STORE> store(X509_STORE_new(), &X509_STORE_free);
  const Owned<X509_STORE_CTX> context(X509_STORE_CTX_new(), &X509_STORE_CTX_free);
  const Owned<STACK_OF(X509)> others(
      sk_X509_new_null(), +[](STACK_OF(X509) * stack) { sk_X509_free(stack); });
  if (!store || !context || !others) return {};
  X509_STORE_add_cert(store.get(), trusted.back()->handle);
  for (const auto& other : trusted) sk_X509_push(others.get(), other->handle);
  std::vector<Certificate> chain, known = trusted;
  known.push_back(certificate);
  if (X509_STORE_CTX_init(context.get(), store.get(), certificate->handle, others.get()) == 1) {
    X509_VERIFY_PARAM* const param = X509_STORE_CTX_get0_param(context.get());
    X509_VERIFY_PARAM_set_time(param, static_cast<time_t>(at.ms / 1000));
    X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_CHECK_SS_SIGNATURE);
    if (X509_verify_cert(context.get()) == 1) chain = found_by(context.get(), known);
  }
  ERR_clear_error();
  return chain;
}

}  // namespace kontor::sigstore
