// Bundles, certificates, timestamps and files of trusted roots from strangers: whatever is in them,
// they are read or refused, and without a root nothing is believed.
#include "adapters/sigstore/bundle_verifier.h"
#include "adapters/sigstore/certificate.h"
#include "adapters/sigstore/extensions.h"
#include "adapters/sigstore/log_entry.h"
#include "adapters/sigstore/timestamp.h"
#include "base/check.h"

#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace sigstore = kontor::sigstore;
  using kontor::check;
  const kontor::ByteView text(reinterpret_cast<const char*>(data), size);
  (void)sigstore::parse_trusted_root(text);
  check(!sigstore::BundleVerifier({}).verify(text), "a bundle holds for nobody");
  if (const auto anatomy = sigstore::dissect(text))
    (void)anatomy->signed_without(sigstore::kKeyUses);
  (void)sigstore::der::parse_time(text);
  check(!sigstore::stamped_at(text, "signature", {}), "a timestamp holds for nobody");
  if (const auto certificate = sigstore::read_certificate(text)) {
    (void)sigstore::identity_of(certificate);
    (void)sigstore::claims_of(certificate);
    check(!sigstore::check_certificate(certificate, {}, {}), "a certificate holds for nobody");
  }
  if (const auto bundle = sigstore::parse_bundle(text)) {
    (void)sigstore::identity_of(bundle->certificate);
    (void)sigstore::claims_of(bundle->certificate);
    for (const auto& entry : bundle->entries) (void)sigstore::check_body(entry, *bundle);
    for (const auto& stamp : bundle->timestamps)
      check(!sigstore::stamped_at(stamp, bundle->signature, {}), "a timestamp holds for nobody");
  }
  return 0;
}
