#pragma once
// The text of an access token: "npm_", 30 random base62 characters, 6 base62 digits of their
// CRC-32 (row AUTH-02). The check digits let scanners find leaked tokens and let the server refuse
// mistyped ones without a look-up.
#include <optional>
#include <string>
#include <string_view>

namespace kontor {

inline constexpr std::size_t kTokenTextLength = 40;

// Base62 characters out of random bytes, each equally likely: bytes that would make the first
// characters likelier are skipped, so the result may be shorter than `random`.
std::string unbiased_base62(std::string_view random);

// `secret`: 30 base62 characters.
std::string make_token_text(std::string_view secret);

// Form, prefix and check digits; says nothing about whether the token was ever issued.
bool is_token_text(std::string_view text);

}  // namespace kontor
