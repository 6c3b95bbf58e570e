// Grammar of JSON numbers.
#include "base/json_number.h"

#include <algorithm>

namespace kontor {
namespace {

constexpr std::uint32_t kBound = 100'000;  // far above any magnitude that is accepted
constexpr std::int32_t kMaxDigits = 308;   // 1e308 has 309 digits

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

}  // namespace

void JsonNumber::begin(char first) {
  *this = JsonNumber();
  take(first);
}

bool JsonNumber::take(char c) {
  const State state = next(c);
  if (state == State::start) return false;
  state_ = state;
  if (state == State::zero || state == State::integer) digits_ = std::min(digits_ + 1, kBound);
  if (state == State::sign) negative_power_ = c == '-';
  if (state == State::power)
    power_ = std::min(power_ * 10 + static_cast<std::uint32_t>(c - '0'), kBound);
  return true;
}

JsonNumber::State JsonNumber::next(char c) const {
  using enum State;
  switch (state_) {
    case start:
      if (c == '-') return minus;
      [[fallthrough]];
    case minus:
      return c == '0' ? zero : is_digit(c) ? integer : start;
    case integer:
      if (is_digit(c)) return integer;
      [[fallthrough]];
    case zero:
      return c == '.' ? point : c == 'e' || c == 'E' ? exponent : start;
    case point:
      return is_digit(c) ? fraction : start;
    case fraction:
      return is_digit(c) ? fraction : c == 'e' || c == 'E' ? exponent : start;
    case exponent:
      if (c == '+' || c == '-') return sign;
      [[fallthrough]];
    case sign:
    case power:
      return is_digit(c) ? power : start;
  }
  return start;
}

bool JsonNumber::is_whole() const {
  using enum State;
  return state_ == zero || state_ == integer || state_ == fraction || state_ == power;
}

bool JsonNumber::is_huge() const {
  const auto power = static_cast<std::int32_t>(power_);
  return static_cast<std::int32_t>(digits_) + (negative_power_ ? -power : power) > kMaxDigits;
}

}  // namespace kontor
