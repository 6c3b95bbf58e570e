#pragma once
// Text encodings of bytes: hex, base64 (RFC 4648), base62, percent (RFC 3986), UTF-8 validity.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kontor {

std::string to_hex(std::string_view bytes);                        // lower case
std::optional<std::string> from_hex(std::string_view text);        // either case, even length
std::string to_base64(std::string_view bytes);                     // standard alphabet, padded
std::optional<std::string> from_base64(std::string_view text);     // strict: padded, no white space
std::string to_base64url(std::string_view bytes);                  // URL alphabet, unpadded
std::optional<std::string> from_base64url(std::string_view text);  // strict, unpadded

// Fixed-width base62 with the alphabet 0-9A-Za-z, left-padded with '0'.
std::string to_base62(std::uint64_t number, std::size_t width);

// Decodes each %XX once; nothing where a '%' is not followed by two hex digits.
std::optional<std::string> percent_decode(std::string_view text);
// Escapes everything but unreserved characters (encodeURIComponent without its exceptions).
std::string percent_encode(std::string_view text);

// True for well-formed UTF-8: no overlong forms, surrogates or values above U+10FFFF.
bool is_utf8(std::string_view text);

// True where both hold the same bytes; takes the same time wherever they differ.
bool equal_constant_time(std::string_view a, std::string_view b);

// Lower-cases A-Z only.
std::string to_lower_ascii(std::string_view text);
bool equal_ignoring_case(std::string_view a, std::string_view b);

}  // namespace kontor
