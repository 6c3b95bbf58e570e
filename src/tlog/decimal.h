#pragma once
// Decimal numbers in their one spelling: ASCII digits without a leading zero.
#include <cstdint>
#include <optional>
#include <string_view>

namespace kontor::tlog {

// Nothing where `text` is not the one spelling of a number up to `most`.
constexpr std::optional<std::uint64_t> parse_decimal(std::string_view text, std::uint64_t most) {
  if (text.empty() || (text.front() == '0' && text.size() > 1)) return std::nullopt;
  std::uint64_t number = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    const auto digit = static_cast<std::uint64_t>(c - '0');
    if (digit > most || number > (most - digit) / 10) return std::nullopt;
    number = number * 10 + digit;
  }
  return number;
}

}  // namespace kontor::tlog
