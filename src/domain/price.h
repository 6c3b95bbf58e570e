#pragma once
// What something costs. Amounts are whole cents (or whatever the currency's smallest unit is, as
// payment providers count).
#include "base/error.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace kontor {

struct Price {
  std::int64_t cents = 0;
  std::string currency;  // three lower-case letters, ISO 4217
  bool operator==(const Price&) const = default;
};

inline constexpr std::int64_t kMostCents = 99'999'999;

// bad_request with a sentence where it is not 1 to kMostCents of a currency. Takes "USD" too.
Result<Price> make_price(std::int64_t cents, std::string_view currency);

// "10.00 usd" as cents and currency; also "10 usd" and "10.5 usd".
Result<Price> parse_price(std::string_view amount, std::string_view currency);
// "10.00 usd"
std::string to_text(const Price& price);

}  // namespace kontor
