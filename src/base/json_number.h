#pragma once
// Push scanner of one JSON number. Part of JsonScanner.
#include <cstdint>

namespace kontor {

class JsonNumber {
 public:
  // Starts a number with its first character, a digit or a minus.
  void begin(char first);

  // False where `c` does not continue the number: then it ended before `c`.
  bool take(char c);

  // True where the number could end here.
  bool is_whole() const;

  // True where its magnitude is 1e308 or more by a cautious estimate that also counts zeros; other
  // parsers would make infinity of it, or fail.
  bool is_huge() const;

 private:
  enum class State : std::uint8_t {
    start,
    minus,
    zero,
    integer,
    point,
    fraction,
    exponent,
    sign,
    power
  };
  State next(char c) const;  // start where c does not fit

  State state_ = State::start;
  std::uint32_t digits_ = 0;  // before the point, counted up to a bound
  std::uint32_t power_ = 0;   // counted up to a bound
  bool negative_power_ = false;
};

}  // namespace kontor
