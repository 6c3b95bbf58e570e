// The registry's one envelope, plus the challenges that npm clients act on.
#include "formats/npm/error_envelope.h"

#include "registry/error_body.h"

namespace kontor::npm {
namespace {

// npm prints our own sentence only where a 401 has no challenge; any challenge replaces it by a
// text of npm's. That text helps for a dead token ("seems to be invalid ... npm login") and is
// wrong for a caller without one, or with a mistyped password. RFC 9110 wants a challenge on every
// 401; a clear sentence is worth more here than a header no client acts on.
std::string_view challenge(Code code) {
  switch (code) {
    case Code::otp_required:
    case Code::otp_invalid:
      return "OTP";  // clients ask for a code and repeat the request
    case Code::invalid_credential:
      return "Bearer";
    default:
      return {};
  }
}

}  // namespace

http::Response error_response(const Error& error) {
  auto response = error_body(error);
  if (const auto scheme = challenge(error.code); !scheme.empty())
    response.set("www-authenticate", std::string(scheme));
  return response;
}

}  // namespace kontor::npm
