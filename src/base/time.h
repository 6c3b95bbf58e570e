#pragma once
// Points in time as values. Reading a clock is a port (ports/clock.h).
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kontor {

// Milliseconds since 1970-01-01T00:00:00Z.
struct Timestamp {
  std::int64_t ms = 0;
  auto operator<=>(const Timestamp&) const = default;
};

struct Duration {
  std::int64_t ms = 0;
  auto operator<=>(const Duration&) const = default;
};

inline constexpr Duration seconds(std::int64_t n) { return {n * 1000}; }
inline constexpr Duration minutes(std::int64_t n) { return {n * 60'000}; }
inline constexpr Duration hours(std::int64_t n) { return {n * 3'600'000}; }
inline constexpr Duration days(std::int64_t n) { return {n * 86'400'000}; }

inline constexpr Timestamp operator+(Timestamp t, Duration d) { return {t.ms + d.ms}; }
inline constexpr Timestamp operator-(Timestamp t, Duration d) { return {t.ms - d.ms}; }
inline constexpr Duration operator-(Timestamp a, Timestamp b) { return {a.ms - b.ms}; }

std::string rfc3339(Timestamp t);                              // 2026-11-20T08:30:00.123Z
std::optional<Timestamp> parse_rfc3339(std::string_view text); // "Z" or +hh:mm, fraction optional
std::string http_date(Timestamp t);                            // RFC 9110: Fri, 20 Nov 2026 08:30:00 GMT
std::optional<Timestamp> parse_http_date(std::string_view text);  // IMF-fixdate only

// Days since 1970-01-01, for download counts.
struct Day {
  std::int32_t number = 0;
  auto operator<=>(const Day&) const = default;
};
Day day_of(Timestamp t);
std::string iso_date(Day day);                              // 2026-11-20
std::optional<Day> parse_iso_date(std::string_view text);

}  // namespace kontor
