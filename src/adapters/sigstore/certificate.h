#pragma once
// The short-lived certificate that a bundle was signed with.
#include "adapters/sigstore/trusted_root.h"

#include <map>
#include <string>

namespace kontor::sigstore {

// That a trusted authority issued it for signing code, was valid at `at`, as was the certificate,
// and that a trusted certificate log has promised to show it. invalid_proof otherwise.
Result<void> check_certificate(const Certificate& certificate, const TrustedRoot& root,
                               Timestamp at);

// The subject alternative name, a URI or an email address; empty where there is none.
std::string identity_of(const Certificate& certificate);
// The extensions below 1.3.6.1.4.1.57264.1 by their last number.
std::map<int, std::string> claims_of(const Certificate& certificate);

}  // namespace kontor::sigstore
