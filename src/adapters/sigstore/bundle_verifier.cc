// The order is that of Sigstore's own clients: times, certificate, log, signature.
#include "adapters/sigstore/bundle_verifier.h"

#include "adapters/sigstore/certificate.h"
#include "adapters/sigstore/log_entry.h"
#include "adapters/sigstore/timestamp.h"

#include <algorithm>

namespace kontor::sigstore {
namespace {

// Each time at which somebody trusted saw the signature; at least one.
Result<std::vector<Timestamp>> times_of(const Bundle& bundle, const TrustedRoot& root) {
  std::vector<Timestamp> times;
  for (const LogEntry& entry : bundle.entries) {
    const auto logged = check_inclusion(entry, root);
    if (!logged) return std::unexpected(logged.error());
    if (*logged) times.push_back(**logged);
  }
  for (const Bytes& response : bundle.timestamps) {
    const auto stamped = stamped_at(response, bundle.signature, root);
    if (!stamped) return std::unexpected(stamped.error());
    times.push_back(*stamped);
  }
  if (times.empty()) return refuse("nobody trusted says when it was signed.");
  return times;
}

}  // namespace

Result<VerifiedBundle> BundleVerifier::verify(ByteView text) const {
  const auto bundle = parse_bundle(text);
  if (!bundle) return std::unexpected(bundle.error());
  if (bundle->entries.empty()) return refuse("it has no entry of a transparency log.");
  const auto times = times_of(*bundle, root_);
  if (!times) return std::unexpected(times.error());
  for (const Timestamp at : *times)
    if (auto trusted = check_certificate(bundle->certificate, root_, at); !trusted)
      return fail(trusted);
  for (const LogEntry& entry : bundle->entries)
    if (auto fits = check_body(entry, *bundle); !fits) return fail(fits);
  if (!sigstore::verify(key_of(bundle->certificate), signed_text(*bundle), bundle->signature))
    return refuse("its signature does not fit its payload.");
  return VerifiedBundle{bundle->payload_type, bundle->payload, std::ranges::min(*times),
                        identity_of(bundle->certificate), claims_of(bundle->certificate)};
}

}  // namespace kontor::sigstore
