#pragma once
// Keyed digests (RFC 2104): HMAC-SHA-1 for one-time passwords, HMAC-SHA-256 for signed tokens.
#include "base/digest.h"

#include <string_view>

namespace kontor {

Sha1 hmac_sha1(std::string_view key, std::string_view message);
Sha256 hmac_sha256(std::string_view key, std::string_view message);

}  // namespace kontor
