#pragma once
// The header Stripe-Signature: t=SECONDS,v1=HEX[,v1=HEX...], an HMAC-SHA-256 of "t.body".
#include "base/bytes.h"
#include "base/error.h"
#include "base/time.h"

#include <string_view>

namespace kontor::stripe {

inline constexpr Duration kTolerance = minutes(5);  // as Stripe's own libraries have it

// invalid_signature unless one of the v1 signatures is by `secret` and the time is at most
// kTolerance away from `now`. Other schemes in the header are ignored; comparison takes the same
// time wherever texts differ.
Result<void> verify_signature(std::string_view header, ByteView body, std::string_view secret,
                              Timestamp now);

}  // namespace kontor::stripe
