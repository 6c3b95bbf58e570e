// Strings are printed by the library, whose escapes are those of RFC 8785, section 3.2.2.2.
#include "base/json_canonical.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <vector>

namespace kontor {
namespace {

std::string quoted(const std::string& text) {
  return Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
}

// UTF-16 puts the characters above U+FFFF before U+E000 to U+FFFF, UTF-8 behind them.
bool comes_before(const std::string& a, const std::string& b) {
  const auto rank = [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0xF0 ? 0xED * 16 + (byte - 0xEF) : byte * 16;  // between 0xED and 0xEE
  };
  return std::ranges::lexicographical_compare(a, b, {}, rank, rank);
}

// Number::toString of ECMAScript: `digits` are the shortest that read back, the value is
// 0.digits * 10^point.
std::string laid_out(std::string digits, int point) {
  const int count = static_cast<int>(digits.size());
  if (count <= point && point <= 21)
    return digits + std::string(static_cast<std::size_t>(point - count), '0');
  if (0 < point && point <= 21) return digits.insert(static_cast<std::size_t>(point), ".");
  if (-6 < point && point <= 0)
    return "0." + std::string(static_cast<std::size_t>(-point), '0') + digits;
  const int exponent = point - 1;
  if (count > 1) digits.insert(1, ".");
  return digits + (exponent < 0 ? "e-" : "e+") + std::to_string(std::abs(exponent));
}

// As few digits as read back to the same value; no finite double needs more than 17.
std::string shortest(double value) {
  std::array<char, 32> text{};
  for (int precision = 0; precision < 17; ++precision) {
    std::snprintf(text.data(), text.size(), "%.*e", precision, value);
    if (std::strtod(text.data(), nullptr) == value) break;
  }
  return text.data();
}

std::string number(double value) {
  if (value == 0) return "0";
  const std::string printed = shortest(std::abs(value));
  const auto e = printed.find('e');
  std::string digits = printed.substr(0, e);
  std::erase(digits, '.');
  const int power = std::atoi(printed.c_str() + e + 1);
  return (value < 0 ? "-" : "") + laid_out(std::move(digits), power + 1);
}

void append(Bytes& out, const Json& value);

void append_object(Bytes& out, const Json& object) {
  using Member = std::pair<const std::string*, const Json*>;
  std::vector<Member> members;
  for (const auto& [name, value] : object.items()) members.emplace_back(&name, &value);
  std::ranges::sort(members, comes_before, [](const Member& m) -> const auto& { return *m.first; });
  out += '{';
  for (const auto& [name, value] : members) {
    if (out.back() != '{') out += ',';
    out += quoted(*name) + ":";
    append(out, *value);
  }
  out += '}';
}

void append(Bytes& out, const Json& value) {
  if (value.is_object()) return append_object(out, value);
  if (value.is_string()) {
    out += quoted(value.get_ref<const std::string&>());
  } else if (value.is_number()) {
    out += number(value.get<double>());
  } else if (!value.is_array()) {
    out += value.dump();
  } else {
    out += '[';
    for (std::size_t i = 0; i < value.size(); ++i) {
      if (i) out += ',';
      append(out, value[i]);
    }
    out += ']';
  }
}

}  // namespace

Bytes canonical_json(const Json& value) {
  Bytes out;
  append(out, value);
  return out;
}

}  // namespace kontor
