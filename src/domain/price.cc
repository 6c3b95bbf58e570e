// Decimal text without floating point.
#include "domain/price.h"

#include "base/encoding.h"

#include <algorithm>
#include <charconv>

namespace kontor {
namespace {

constexpr std::size_t kDecimals = 2;

bool are_digits(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

Result<Price> make_price(std::int64_t cents, std::string_view currency) {
  Price price{cents, to_lower_ascii(currency)};
  const bool letters =
      price.currency.size() == 3 &&
      std::ranges::all_of(price.currency, [](char c) { return c >= 'a' && c <= 'z'; });
  if (!letters)
    return fail(Code::bad_request, "A currency is three letters of ISO 4217, such as usd.");
  if (cents < 1 || cents > kMostCents)
    return fail(Code::bad_request, "A price lies between 0.01 and 999999.99.");
  return price;
}

Result<Price> parse_price(std::string_view amount, std::string_view currency) {
  const auto point = std::min(amount.find('.'), amount.size());
  const auto whole = amount.substr(0, point);
  auto part = std::string(amount.substr(std::min(amount.size(), point + 1)));
  const bool written = !whole.empty() && whole.size() <= 6 && part.size() <= kDecimals &&
                       are_digits(whole) && are_digits(part) && !amount.ends_with('.');
  if (!written) return fail(Code::bad_request, "A price is written like 10 or 9.99.");
  part.resize(kDecimals, '0');
  const std::string digits = std::string(whole) + part;
  std::int64_t cents = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), cents);
  return make_price(cents, currency);
}

std::string to_text(const Price& price) {
  const auto part = std::to_string(price.cents % 100);
  return std::to_string(price.cents / 100) + (part.size() == 1 ? ".0" : ".") + part + " " +
         price.currency;
}

}  // namespace kontor
