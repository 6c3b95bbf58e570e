#pragma once
// How bad an advisory is, in the words that npm's clients and GitHub's records share.
#include <cstdint>
#include <optional>
#include <string_view>

namespace kontor {

// In rising order. The numbers are stored.
enum class Severity : std::uint8_t { unknown, low, moderate, high, critical };

std::string_view to_string(Severity severity);
// Any case; "medium" is moderate, "none" and "info" are low.
std::optional<Severity> parse_severity(std::string_view text);
// Of a CVSS score from 0 to 10, by the qualitative scale of CVSS 3 and 4.
Severity severity_of(double score);

}  // namespace kontor
