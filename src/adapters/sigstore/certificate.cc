// Paths are OpenSSL's to find and judge; the promise of the certificate log is checked here, since
// OpenSSL takes the logs it trusts from a file only.
#include "adapters/sigstore/certificate.h"

#include "base/sha256.h"

#include <openssl/asn1.h>
#include <openssl/ct.h>
#include <openssl/err.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <charconv>

namespace kontor::sigstore {
namespace {

constexpr std::string_view kClaims = "1.3.6.1.4.1.57264.1.";
constexpr int kFirstEncodedClaim = 8;  // those before are plain text

template <class T>
using Owned = std::unique_ptr<T, void (*)(T*)>;

void put(Bytes& out, std::uint64_t value, int bytes) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
    out += static_cast<char>(value >> shift);
}

Bytes view(const unsigned char* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

// The certificate as the log saw it: without the log's promise.
Bytes precertificate_of(const Certificate& certificate) {
  const Certificate copy(X509_dup(certificate.get()), &X509_free);
  const int at = X509_get_ext_by_NID(copy.get(), NID_ct_precert_scts, -1);
  if (at < 0) return {};
  X509_EXTENSION_free(X509_delete_ext(copy.get(), at));
  unsigned char* der = nullptr;
  const int size = i2d_re_X509_tbs(copy.get(), &der);
  if (size <= 0) return {};
  Bytes out = view(der, static_cast<std::size_t>(size));
  OPENSSL_free(der);
  return out;
}

// What a log signs for a certificate (RFC 6962, section 3.2).
Bytes promised_text(const SCT* sct, const Bytes& precertificate, const Certificate& issuer) {
  unsigned char* extensions = nullptr;
  const std::size_t size = SCT_get0_extensions(sct, &extensions);
  Bytes out;
  put(out, 0, 1);  // version 1
  put(out, 0, 1);  // a timestamp of a certificate
  put(out, SCT_get_timestamp(sct), 8);
  put(out, 1, 2);  // of a precertificate
  out += sha256(spki_of(X509_get0_pubkey(issuer.get()))).view();
  put(out, precertificate.size(), 3);
  out += precertificate;
  put(out, size, 2);
  return out + view(extensions, size);
}

bool is_promised(const SCT* sct, const Bytes& precertificate, const Certificate& issuer,
                 const std::vector<Log>& logs) {
  unsigned char *id = nullptr, *signature = nullptr;
  const std::size_t id_size = SCT_get0_log_id(sct, &id);
  const std::size_t size = SCT_get0_signature(sct, &signature);
  const Timestamp at{static_cast<std::int64_t>(SCT_get_timestamp(sct))};
  const Bytes text = promised_text(sct, precertificate, issuer);
  for (const Log& log : logs)
    if (log.id == view(id, id_size) && log.validity.holds(at) &&
        verify(log.key.get(), text, view(signature, size)))
      return true;
  return false;
}

Result<void> check_promises(const Certificate& certificate, const Certificate& issuer,
                            const std::vector<Log>& logs) {
  const Owned<STACK_OF(SCT)> scts(static_cast<STACK_OF(SCT)*>(X509_get_ext_d2i(
                                      certificate.get(), NID_ct_precert_scts, nullptr, nullptr)),
                                  &SCT_LIST_free);
  const int count = scts ? sk_SCT_num(scts.get()) : 0;
  const Bytes precertificate = precertificate_of(certificate);
  if (count == 0 || precertificate.empty())
    return refuse("its certificate bears no timestamp of a certificate log.");
  for (int i = 0; i < count; ++i)
    if (!is_promised(sk_SCT_value(scts.get(), i), precertificate, issuer, logs))
      return refuse("no trusted certificate log has signed a timestamp of its certificate.");
  return {};
}

std::string claim_text(const X509_EXTENSION* extension, int number) {
  const ASN1_OCTET_STRING* octets = X509_EXTENSION_get_data(const_cast<X509_EXTENSION*>(extension));
  const unsigned char* at = ASN1_STRING_get0_data(octets);
  const int size = ASN1_STRING_length(octets);
  if (number < kFirstEncodedClaim) return view(at, static_cast<std::size_t>(size));
  const Owned<ASN1_TYPE> value(d2i_ASN1_TYPE(nullptr, &at, size), &ASN1_TYPE_free);
  if (!value || ASN1_TYPE_get(value.get()) != V_ASN1_UTF8STRING) return {};
  const ASN1_STRING* text = value->value.utf8string;
  return view(ASN1_STRING_get0_data(text), static_cast<std::size_t>(ASN1_STRING_length(text)));
}

}  // namespace

std::vector<Certificate> chain_of(const Certificate& certificate, const Authority& authority,
                                  Timestamp at) {
  const Owned<X509_STORE> store(X509_STORE_new(), &X509_STORE_free);
  const Owned<X509_STORE_CTX> context(X509_STORE_CTX_new(), &X509_STORE_CTX_free);
  const Owned<STACK_OF(X509)> others(
      sk_X509_new_null(), +[](STACK_OF(X509) * stack) { sk_X509_free(stack); });
  if (!store || !context || !others) return {};
  X509_STORE_add_cert(store.get(), authority.chain.back().get());
  for (const auto& other : authority.chain) sk_X509_push(others.get(), other.get());
  std::vector<Certificate> chain;
  if (X509_STORE_CTX_init(context.get(), store.get(), certificate.get(), others.get()) == 1) {
    X509_VERIFY_PARAM* const param = X509_STORE_CTX_get0_param(context.get());
    X509_VERIFY_PARAM_set_time(param, static_cast<time_t>(at.ms / 1000));
    X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_CHECK_SS_SIGNATURE);
    if (X509_verify_cert(context.get()) == 1) {
      STACK_OF(X509)* const found = X509_STORE_CTX_get0_chain(context.get());
      for (int i = 0; i < sk_X509_num(found); ++i) {
        X509_up_ref(sk_X509_value(found, i));
        chain.emplace_back(sk_X509_value(found, i), &X509_free);
      }
    }
  }
  ERR_clear_error();
  return chain;
}

Result<void> check_certificate(const Certificate& certificate, const TrustedRoot& root,
                               Timestamp at) {
  for (const Authority& authority : root.certificate_authorities) {
    if (!authority.validity.holds(at)) continue;
    const auto chain = chain_of(certificate, authority, at);
    if (chain.size() < 2) continue;
    if (!(X509_get_extended_key_usage(certificate.get()) & XKU_CODE_SIGN) ||
        X509_get_extended_key_usage(certificate.get()) == UINT32_MAX)
      return refuse("its certificate is not for signing code.");
    return check_promises(certificate, chain[1], root.certificate_logs);
  }
  return refuse(
      "its certificate was not issued by a trusted authority, or not valid when it signed.");
}

std::string identity_of(const Certificate& certificate) {
  const Owned<GENERAL_NAMES> names(static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(
                                       certificate.get(), NID_subject_alt_name, nullptr, nullptr)),
                                   &GENERAL_NAMES_free);
  for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
    int type = 0;
    const auto* value = static_cast<ASN1_STRING*>(
        GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(names.get(), i), &type));
    if (type == GEN_URI || type == GEN_EMAIL)
      return view(ASN1_STRING_get0_data(value),
                  static_cast<std::size_t>(ASN1_STRING_length(value)));
  }
  return {};
}

std::map<int, std::string> claims_of(const Certificate& certificate) {
  std::map<int, std::string> out;
  for (int i = 0; i < X509_get_ext_count(certificate.get()); ++i) {
    X509_EXTENSION* const extension = X509_get_ext(certificate.get(), i);
    char name[64];
    if (OBJ_obj2txt(name, sizeof name, X509_EXTENSION_get_object(extension), 1) <= 0) continue;
    const std::string_view oid = name;
    if (!oid.starts_with(kClaims)) continue;
    int number = 0;
    const auto rest = oid.substr(kClaims.size());
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
    if (error == std::errc() && end == rest.data() + rest.size())
      out[number] = claim_text(extension, number);
  }
  return out;
}

}  // namespace kontor::sigstore
