#pragma once
// Time-based one-time passwords (RFC 6238 over RFC 4226): HMAC-SHA-1, 6 digits, 30 seconds, and the
// base32 and otpauth spellings that authenticator apps read.
#include "base/digest.h"
#include "base/time.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kontor {

inline constexpr std::size_t kTotpSecretBytes = 20;  // RFC 4226 section 4: the length of the HMAC

// RFC 4226 section 5.3; `digits` is 6 to 8.
std::string hotp(std::string_view secret, std::uint64_t counter, int digits);

// The 30-second step that `t` lies in.
std::int64_t totp_step(Timestamp t);

// The step whose password `code` is, of the one at `now` and its two neighbours; nothing where it
// is none of them. The caller refuses steps that were used already.
std::optional<std::int64_t> match_totp(std::string_view secret, std::string_view code,
                                       Timestamp now);

// RFC 4648 section 6, upper case, unpadded.
std::string to_base32(std::string_view bytes);

// What a QR code carries to the authenticator app.
std::string otpauth_url(std::string_view issuer, std::string_view account, std::string_view secret);

}  // namespace kontor
