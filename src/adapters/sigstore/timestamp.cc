// OpenSSL judges the response by the authority's chain at the time that the response states.
#include "adapters/sigstore/timestamp.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ts.h>
#include <openssl/x509_vfy.h>

namespace kontor::sigstore {
namespace {

template <class T>
using Owned = std::unique_ptr<T, void (*)(T*)>;

std::optional<Timestamp> stated_time(TS_RESP* response) {
  TS_TST_INFO* const info = TS_RESP_get_tst_info(response);
  tm parts{};
  if (!info || ASN1_TIME_to_tm(TS_TST_INFO_get_time(info), &parts) != 1) return std::nullopt;
  return Timestamp{static_cast<std::int64_t>(timegm(&parts)) * 1000};
}

bool holds(TS_RESP* response, ByteView signature, const Authority& authority, Timestamp at) {
  const Owned<TS_VERIFY_CTX> context(TS_VERIFY_CTX_new(), &TS_VERIFY_CTX_free);
  X509_STORE* const store = X509_STORE_new();
  STACK_OF(X509)* const others = sk_X509_new_null();
  if (!context || !store || !others) return false;
  X509_STORE_add_cert(store, authority.chain.back().get());
  X509_VERIFY_PARAM* const param = X509_STORE_get0_param(store);
  X509_VERIFY_PARAM_set_time(param, static_cast<time_t>(at.ms / 1000));
  X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_PARTIAL_CHAIN);
  for (const auto& certificate : authority.chain) {
    X509_up_ref(certificate.get());
    sk_X509_push(others, certificate.get());
  }
  // The context frees what it is given.
  TS_VERIFY_CTX_set_flags(context.get(), TS_VFY_VERSION | TS_VFY_DATA | TS_VFY_SIGNATURE);
  TS_VERIFY_CTX_set_store(context.get(), store);
  TS_VERIFY_CTX_set_certs(context.get(), others);
  TS_VERIFY_CTX_set_data(context.get(),
                         BIO_new_mem_buf(signature.data(), static_cast<int>(signature.size())));
  return TS_RESP_verify_response(context.get(), response) == 1;
}

}  // namespace

Result<Timestamp> stamped_at(ByteView response, ByteView signature, const TrustedRoot& root) {
  const auto* at = reinterpret_cast<const unsigned char*>(response.data());
  const Owned<TS_RESP> parsed(d2i_TS_RESP(nullptr, &at, static_cast<long>(response.size())),
                              &TS_RESP_free);
  const auto time = parsed ? stated_time(parsed.get()) : std::nullopt;
  bool held = false;
  if (time)
    for (const Authority& authority : root.timestamp_authorities)
      held = held ||
             (authority.validity.holds(*time) && holds(parsed.get(), signature, authority, *time));
  ERR_clear_error();
  if (!held) return refuse("its timestamp is not one of a trusted authority for this signature.");
  return *time;
}

}  // namespace kontor::sigstore
