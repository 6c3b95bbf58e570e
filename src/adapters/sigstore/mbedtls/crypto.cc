// Mbed TLS is built without a clock: the validity of each certificate is compared here. Ed25519 is
// libsodium's.
#include "adapters/sigstore/crypto.h"

#include "tlog/note_key.h"

#include <algorithm>
#include <mbedtls/asn1.h>
#include <mbedtls/ecp.h>
#include <mbedtls/md.h>
#include <mbedtls/pk.h>
#include <mbedtls/x509_crt.h>
#include <sodium.h>

namespace kontor::sigstore {

struct PublicKey {
  PublicKey() { mbedtls_pk_init(&handle); }
  ~PublicKey() { mbedtls_pk_free(&handle); }
  PublicKey(const PublicKey&) = delete;
  mutable mbedtls_pk_context handle;
  std::optional<tlog::PublicKey> ed25519;
};

struct ParsedCertificate {
  ParsedCertificate() { mbedtls_x509_crt_init(&handle); }
  ~ParsedCertificate() { mbedtls_x509_crt_free(&handle); }
  ParsedCertificate(const ParsedCertificate&) = delete;
  mbedtls_x509_crt handle;
};

namespace {

constexpr ByteView kEd25519("\x30\x2A\x30\x05\x06\x03\x2B\x65\x70\x03\x21\x00", 12);

unsigned char* data_of(ByteView bytes) {
  return reinterpret_cast<unsigned char*>(const_cast<char*>(bytes.data()));
}

ByteView view_of(const mbedtls_asn1_buf& buffer) {
  return {reinterpret_cast<const char*>(buffer.p), buffer.len};
}

mbedtls_md_type_t type_of(HashKind kind) {
  return kind == HashKind::sha256   ? MBEDTLS_MD_SHA256
         : kind == HashKind::sha384 ? MBEDTLS_MD_SHA384
                                    : MBEDTLS_MD_SHA512;
}

bool is_ecdsa(const PublicKey& key) {
  return mbedtls_pk_get_type(&key.handle) == MBEDTLS_PK_ECKEY;
}

// Comparable: year to second.
using Moment = std::array<int, 6>;

Moment moment_of(const mbedtls_x509_time& time) {
  return {time.year, time.mon, time.day, time.hour, time.min, time.sec};
}

Moment moment_of(Timestamp at) {
  const std::string text = rfc3339(at);  // 2026-11-20T08:30:00.123Z
  const auto number = [&](std::size_t from, std::size_t digits) {
    int value = 0;
    for (const char c : text.substr(from, digits)) value = value * 10 + (c - '0');
    return value;
  };
  return {number(0, 4), number(5, 2), number(8, 2), number(11, 2), number(14, 2), number(17, 2)};
}

// What is kept of a path while Mbed TLS judges it, from the root down.
struct Path {
  Moment at;
  std::vector<Bytes> certificates;  // DER
};

int look(void* context, mbedtls_x509_crt* certificate, int, std::uint32_t* flags) {
  auto& path = *static_cast<Path*>(context);
  path.certificates.emplace_back(view_of(certificate->raw));
  if (path.at < moment_of(certificate->valid_from)) *flags |= MBEDTLS_X509_BADCERT_FUTURE;
  if (path.at > moment_of(certificate->valid_to)) *flags |= MBEDTLS_X509_BADCERT_EXPIRED;
  return 0;
}

bool append(mbedtls_x509_crt& list, ByteView der) {
  return mbedtls_x509_crt_parse_der(&list, data_of(der), der.size()) == 0;
}

}  // namespace

Key read_key(ByteView spki) {
  auto key = std::make_shared<PublicKey>();
  if (spki.starts_with(kEd25519)) {
    key->ed25519 = tlog::PublicKey::from_bytes(spki.substr(kEd25519.size()));
    return key->ed25519 ? key : nullptr;
  }
  unsigned char* at = data_of(spki);
  unsigned char* const end = at + spki.size();
  return mbedtls_pk_parse_subpubkey(&at, end, &key->handle) == 0 && at == end ? key : nullptr;
}

Certificate read_certificate(ByteView der) {
  auto certificate = std::make_shared<ParsedCertificate>();
  const bool read = append(certificate->handle, der);
  return read && certificate->handle.raw.len == der.size() ? certificate : nullptr;
}

ByteView der_of(const Certificate& certificate) {
  return view_of(certificate->handle.raw);
}

Key key_of(const Certificate& certificate) {
  return read_key(view_of(certificate->handle.pk_raw));
}

Bytes digest_of(HashKind kind, ByteView message) {
  const auto* const info = mbedtls_md_info_from_type(type_of(kind));
  Bytes out(mbedtls_md_get_size(info), '\0');
  return mbedtls_md(info, data_of(message), message.size(), data_of(out)) == 0 ? out : Bytes();
}

bool verify(const Key& key, ByteView message, ByteView signature) {
  if (key && key->ed25519)
    return signature.size() == crypto_sign_ed25519_BYTES &&
           crypto_sign_ed25519_verify_detached(data_of(signature), data_of(message), message.size(),
                                               data_of(key->ed25519->view())) == 0;
  const bool wide = key && mbedtls_pk_get_bitlen(&key->handle) > 256;
  return verify(key, wide ? HashKind::sha384 : HashKind::sha256, message, signature);
}

bool verify(const Key& key, HashKind kind, ByteView message, ByteView signature) {
  if (!key || !is_ecdsa(*key)) return false;
  const Bytes digest = digest_of(kind, message);
  return mbedtls_pk_verify(&key->handle, type_of(kind), data_of(digest), digest.size(),
                           data_of(signature), signature.size()) == 0;
}

std::vector<Certificate> chain_of(const Certificate& certificate,
                                  const std::vector<Certificate>& trusted, Timestamp at) {
  ParsedCertificate path, root;
  bool read = append(path.handle, der_of(certificate));
  for (const auto& other : trusted) read = read && append(path.handle, der_of(other));
  read = read && append(root.handle, der_of(trusted.back()));
  Path found{moment_of(at), {}};
  std::uint32_t flags = 0;
  if (!read || mbedtls_x509_crt_verify_with_profile(&path.handle, &root.handle, nullptr,
                                                    &mbedtls_x509_crt_profile_next, nullptr, &flags,
                                                    look, &found) != 0)
    return {};
  std::vector<Certificate> chain;
  for (const Bytes& der : found.certificates) chain.insert(chain.begin(), read_certificate(der));
  return chain;
}

}  // namespace kontor::sigstore
