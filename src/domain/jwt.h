#pragma once
// JSON Web Tokens (RFC 7519) as compact JWS (RFC 7515), HS256 and nothing else: the credential of
// a login where auth.type is jwt (row AUTH-05).
#include "base/error.h"
#include "base/time.h"

#include <string>
#include <string_view>

namespace kontor {

struct JwtClaims {
  std::string id;       // jti: names the token in the list of revoked ones
  std::string subject;  // sub
  Timestamp issued;     // iat, with its milliseconds in a claim of their own
  Timestamp expires;    // exp, whole seconds: milliseconds are dropped
  bool operator==(const JwtClaims&) const = default;
};

inline constexpr std::size_t kMaxJwtBytes = 2048;
// How far the clock of another host that shares the key may run ahead.
inline constexpr Duration kJwtClockSkew = minutes(1);

std::string sign_jwt(const JwtClaims& claims, std::string_view key);

// Three parts of base64url that begin as a JSON object does; says nothing about what they hold.
bool looks_like_jwt(std::string_view text);

// The claims of a token signed with `key`. invalid_credential for everything else: a signature that
// does not fit (compared in constant time, before anything is parsed), another algorithm, "none",
// extensions marked critical, claims missing or of the wrong type, a token that has expired at
// `now` or comes from later than kJwtClockSkew after it. A key id in the header is ignored: there
// is one key.
Result<JwtClaims> verify_jwt(std::string_view text, std::string_view key, Timestamp now);

}  // namespace kontor
