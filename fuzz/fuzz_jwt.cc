// Signed tokens: no text verifies unless it was signed, and nothing signed upsets the reader of its
// parts. The input is tried as a whole token and, well signed, as header and payload.
#include "base/check.h"
#include "base/encoding.h"
#include "base/hmac.h"
#include "domain/jwt.h"

#include <cstdint>

namespace {

using kontor::check;

constexpr std::string_view kKey = "0123456789abcdef0123456789abcdef";
constexpr kontor::Timestamp kNow{1'780'000'000'000};

// Header and payload are parted by the first line end.
std::string signed_token(std::string_view text) {
  const auto end = std::min(text.find('\n'), text.size());
  const auto payload = end < text.size() ? text.substr(end + 1) : std::string_view();
  const auto token =
      kontor::to_base64url(text.substr(0, end)) + "." + kontor::to_base64url(payload);
  return token + "." + kontor::to_base64url(kontor::hmac_sha256(kKey, token).view());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check(!kontor::verify_jwt(text, kKey, kNow), "an unsigned text verifies");
  const auto claims = kontor::verify_jwt(signed_token(text), kKey, kNow);
  if (!claims) return 0;
  check(claims->expires > kNow && claims->issued <= kNow + kontor::kJwtClockSkew, "times");
  const auto again = kontor::verify_jwt(kontor::sign_jwt(*claims, kKey), kKey, kNow);
  check(again && *again == *claims, "claims do not read back the same");
  return 0;
}
