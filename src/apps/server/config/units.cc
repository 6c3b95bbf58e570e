// Durations and sizes as people write them.
#include "apps/server/config/units.h"

#include "apps/server/config/config.h"
#include "base/encoding.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <span>

namespace kontor::config {
namespace {

struct Unit {
  std::string_view name;  // lower case
  std::uint64_t factor;
};

constexpr Unit kDurations[] = {{"", 1},           {"ms", 1},        {"s", 1000},
                               {"m", 60'000},     {"h", 3'600'000}, {"d", 86'400'000},
                               {"w", 604'800'000}};
constexpr std::uint64_t kThousand = 1000;
constexpr Unit kSizes[] = {{"", 1},
                           {"b", 1},
                           {"kb", kThousand},
                           {"mb", kThousand* kThousand},
                           {"gb", kThousand* kThousand* kThousand},
                           {"tb", kThousand* kThousand* kThousand* kThousand},
                           {"kib", kKiB},
                           {"mib", kMiB},
                           {"gib", kGiB},
                           {"tib", kGiB* kKiB}};

// A decimal number and a unit. Fractions are exact to six digits; what does not fit 63 bits is
// refused.
std::optional<std::uint64_t> parse_scaled(std::string_view text, std::span<const Unit> units) {
  constexpr std::uint64_t kMost = std::numeric_limits<std::int64_t>::max();
  constexpr std::uint64_t kMillion = 1'000'000;
  text = trimmed(text);
  auto split = std::min(text.find_first_not_of("0123456789."), text.size());
  auto name = to_lower_ascii(trimmed(text.substr(split)));
  auto number = text.substr(0, split);
  auto dot = std::min(number.find('.'), number.size());
  auto whole = parse_digits(number.substr(0, dot));
  std::uint64_t fraction = 0;
  if (dot < number.size()) {
    std::string padded(number.substr(dot + 1));
    if (padded.empty() || padded.size() > 6) return std::nullopt;
    padded.resize(6, '0');
    auto read = parse_digits(padded);
    if (!read) return std::nullopt;
    fraction = *read;
  }
  for (const auto& unit : units) {
    if (unit.name != name || !whole) continue;
    if (unit.factor == 1 && fraction > 0) return std::nullopt;
    auto part = unit.factor / kMillion * fraction + unit.factor % kMillion * fraction / kMillion;
    if (*whole > (kMost - part) / unit.factor) return std::nullopt;
    return *whole * unit.factor + part;
  }
  return std::nullopt;
}

// The value in the largest unit that divides it, of those that stand in `units` from small to
// large.
std::string render_scaled(std::uint64_t value, std::span<const Unit> units) {
  const Unit* best = &units.front();
  for (const auto& unit : units)
    if (value != 0 && value % unit.factor == 0) best = &unit;
  return std::to_string(value / best->factor) + std::string(best->name);
}

}  // namespace

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  auto first = text.find_first_not_of(kSpace);
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

std::optional<std::uint64_t> parse_digits(std::string_view text) {
  std::uint64_t value = 0;
  auto* end = text.data() + text.size();
  auto read = std::from_chars(text.data(), end, value);
  if (text.empty() || read.ec != std::errc{} || read.ptr != end) return std::nullopt;
  return value;
}

std::optional<Duration> parse_duration(std::string_view text) {
  auto ms = parse_scaled(text, kDurations);
  if (!ms) return std::nullopt;
  return Duration{static_cast<std::int64_t>(*ms)};
}

std::optional<std::uint64_t> parse_size(std::string_view text) {
  return parse_scaled(text, kSizes);
}

std::string render_duration(Duration duration) {
  static constexpr Unit kUnits[] = {
      {"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}};
  if (duration.ms <= 0) return std::to_string(duration.ms);
  return render_scaled(static_cast<std::uint64_t>(duration.ms), kUnits);
}

std::string render_size(std::uint64_t bytes) {
  static constexpr Unit kUnits[] = {{"", 1}, {"KiB", kKiB}, {"MiB", kMiB}, {"GiB", kGiB}};
  return render_scaled(bytes, kUnits);
}

}  // namespace kontor::config
