// Calendar arithmetic on the proleptic Gregorian calendar (std::chrono's types, no time zones).
#include "base/time.h"

#include <array>
#include <chrono>

namespace kontor {
namespace {

using std::chrono::sys_days;
using std::chrono::year_month_day;

constexpr std::array<std::string_view, 7> kWeekdays = {"Sun", "Mon", "Tue", "Wed",
                                                       "Thu", "Fri", "Sat"};
constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

struct Parts {
  year_month_day date;
  int weekday, hour, minute, second, ms;
};

Parts split(Timestamp t) {
  std::int64_t day = t.ms / 86'400'000, rest = t.ms % 86'400'000;
  if (rest < 0) {
    rest += 86'400'000;
    --day;
  }
  const sys_days days{std::chrono::days{day}};
  return {year_month_day{days},
          static_cast<int>(std::chrono::weekday{days}.c_encoding()),
          static_cast<int>(rest / 3'600'000),
          static_cast<int>(rest / 60'000 % 60),
          static_cast<int>(rest / 1000 % 60),
          static_cast<int>(rest % 1000)};
}

void put(std::string& out, int number, int width) {
  std::string digits = std::to_string(number);
  out.append(width > static_cast<int>(digits.size()) ? width - digits.size() : 0, '0');
  out += digits;
}

void put_date(std::string& out, const year_month_day& date) {
  put(out, static_cast<int>(date.year()), 4);
  out += '-';
  put(out, static_cast<int>(static_cast<unsigned>(date.month())), 2);
  out += '-';
  put(out, static_cast<int>(static_cast<unsigned>(date.day())), 2);
}

// Reads exactly `width` digits at the front of `text` and removes them.
std::optional<int> take(std::string_view& text, std::size_t width) {
  if (text.size() < width) return std::nullopt;
  int number = 0;
  for (std::size_t i = 0; i < width; ++i) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    number = number * 10 + (text[i] - '0');
  }
  text.remove_prefix(width);
  return number;
}

bool take_char(std::string_view& text, char c) {
  if (!text.starts_with(c)) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<std::int64_t> days_from(int year, int month, int day) {
  const year_month_day date{std::chrono::year{year},
                            std::chrono::month{static_cast<unsigned>(month)},
                            std::chrono::day{static_cast<unsigned>(day)}};
  if (!date.ok()) return std::nullopt;
  return sys_days{date}.time_since_epoch().count();
}

std::optional<std::int64_t> take_date(std::string_view& text) {
  const auto year = take(text, 4);
  if (!year || !take_char(text, '-')) return std::nullopt;
  const auto month = take(text, 2);
  if (!month || !take_char(text, '-')) return std::nullopt;
  const auto day = take(text, 2);
  if (!day) return std::nullopt;
  return days_from(*year, *month, *day);
}

// hh:mm:ss as milliseconds; a leap second counts as :59.
std::optional<std::int64_t> take_clock(std::string_view& text) {
  const auto hour = take(text, 2);
  if (!hour || *hour > 23 || !take_char(text, ':')) return std::nullopt;
  const auto minute = take(text, 2);
  if (!minute || *minute > 59 || !take_char(text, ':')) return std::nullopt;
  const auto second = take(text, 2);
  if (!second || *second > 60) return std::nullopt;
  return *hour * 3'600'000LL + *minute * 60'000LL + std::min(*second, 59) * 1000LL;
}

std::int64_t take_fraction(std::string_view& text) {
  std::int64_t ms = 0;
  int scale = 100;
  while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
    ms += (text.front() - '0') * scale;
    scale /= 10;
    text.remove_prefix(1);
  }
  return ms;
}

std::optional<std::int64_t> take_offset(std::string_view& text) {
  if (take_char(text, 'Z') || take_char(text, 'z')) return 0;
  const int sign = text.starts_with('+') ? 1 : text.starts_with('-') ? -1 : 0;
  if (!sign) return std::nullopt;
  text.remove_prefix(1);
  const auto hour = take(text, 2);
  if (!hour || *hour > 23 || !take_char(text, ':')) return std::nullopt;
  const auto minute = take(text, 2);
  if (!minute || *minute > 59) return std::nullopt;
  return sign * (*hour * 3'600'000LL + *minute * 60'000LL);
}

}  // namespace

std::string rfc3339(Timestamp t) {
  const Parts p = split(t);
  std::string out;
  put_date(out, p.date);
  out += 'T';
  put(out, p.hour, 2);
  out += ':';
  put(out, p.minute, 2);
  out += ':';
  put(out, p.second, 2);
  out += '.';
  put(out, p.ms, 3);
  return out += 'Z';
}

std::optional<Timestamp> parse_rfc3339(std::string_view text) {
  const auto day = take_date(text);
  if (!day || !(take_char(text, 'T') || take_char(text, 't'))) return std::nullopt;
  const auto clock = take_clock(text);
  if (!clock) return std::nullopt;
  const std::int64_t fraction = take_char(text, '.') ? take_fraction(text) : 0;
  const auto offset = take_offset(text);
  if (!offset || !text.empty()) return std::nullopt;
  return Timestamp{*day * 86'400'000 + *clock + fraction - *offset};
}

std::string http_date(Timestamp t) {
  const Parts p = split(t);
  std::string out(kWeekdays[p.weekday]);
  out += ", ";
  put(out, static_cast<int>(static_cast<unsigned>(p.date.day())), 2);
  out += ' ';
  out += kMonths[static_cast<unsigned>(p.date.month()) - 1];
  out += ' ';
  put(out, static_cast<int>(p.date.year()), 4);
  out += ' ';
  put(out, p.hour, 2);
  out += ':';
  put(out, p.minute, 2);
  out += ':';
  put(out, p.second, 2);
  return out += " GMT";
}

std::optional<Timestamp> parse_http_date(std::string_view text) {
  const auto comma = text.find(", ");
  if (comma != 3) return std::nullopt;
  text.remove_prefix(5);
  const auto day = take(text, 2);
  if (!day || !take_char(text, ' ')) return std::nullopt;
  int month = 0;
  for (int i = 0; i < 12; ++i)
    if (text.starts_with(kMonths[i])) month = i + 1;
  if (!month) return std::nullopt;
  text.remove_prefix(3);
  if (!take_char(text, ' ')) return std::nullopt;
  const auto year = take(text, 4);
  if (!year || !take_char(text, ' ')) return std::nullopt;
  const auto clock = take_clock(text);
  if (!clock || text != " GMT") return std::nullopt;
  const auto days = days_from(*year, month, *day);
  if (!days) return std::nullopt;
  return Timestamp{*days * 86'400'000 + *clock};
}

Day day_of(Timestamp t) {
  const std::int64_t day = t.ms / 86'400'000;
  return {static_cast<std::int32_t>(t.ms % 86'400'000 < 0 ? day - 1 : day)};
}

std::string iso_date(Day day) {
  std::string out;
  put_date(out, year_month_day{sys_days{std::chrono::days{day.number}}});
  return out;
}

std::optional<Day> parse_iso_date(std::string_view text) {
  const auto day = take_date(text);
  if (!day || !text.empty()) return std::nullopt;
  return Day{static_cast<std::int32_t>(*day)};
}

}  // namespace kontor
