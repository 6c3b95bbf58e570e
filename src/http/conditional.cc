// Lists of RFC 9110: comma-separated elements with optional parameters.
#include "http/conditional.h"

#include <algorithm>
#include <charconv>

#include "base/encoding.h"

namespace kontor::http {
namespace {

std::string_view trim(std::string_view s) {
  while (!s.empty() && (s.front() == ' ' || s.front() == '\t')) s.remove_prefix(1);
  while (!s.empty() && (s.back() == ' ' || s.back() == '\t')) s.remove_suffix(1);
  return s;
}

// Calls `visit(element)` for each element until it returns true.
template <class Visit>
bool any_element(std::string_view list, Visit visit) {
  while (!list.empty()) {
    const auto end = std::min(list.find(','), list.size());
    if (visit(trim(list.substr(0, end)))) return true;
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return false;
}

std::string_view opaque(std::string_view etag) {
  return etag.starts_with("W/") ? etag.substr(2) : etag;
}

// "q=0.8" among the parameters after ';', as thousandths.
int quality(std::string_view parameters) {
  while (!parameters.empty()) {
    const auto end = std::min(parameters.find(';'), parameters.size());
    std::string_view p = trim(parameters.substr(0, end));
    parameters.remove_prefix(std::min(end + 1, parameters.size()));
    if (!p.starts_with("q=") && !p.starts_with("Q=")) continue;
    p.remove_prefix(2);
    if (p.starts_with('1')) return 1000;
    if (!p.starts_with('0')) return 1000;
    int thousandths = 0, scale = 100;
    for (char c : p.substr(std::min<std::size_t>(2, p.size()))) {
      if (c < '0' || c > '9') break;
      thousandths += (c - '0') * scale;
      scale /= 10;
    }
    return thousandths;
  }
  return 1000;
}

// Digits; numbers beyond 64 bits are as good as the largest one.
std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t n = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
  if (text.empty() || end != text.data() + text.size()) return std::nullopt;
  return error == std::errc::result_out_of_range ? UINT64_MAX : n;
}

// If-Range holds one ETag, compared strongly, or the exact date of Last-Modified.
bool is_same(std::string_view if_range, std::string_view etag, Timestamp last_modified) {
  if (if_range.empty() || if_range == etag) return true;
  const auto date = parse_http_date(if_range);
  return date && date->ms / 1000 == last_modified.ms / 1000;
}

}  // namespace

bool not_modified(std::string_view if_none_match, std::string_view if_modified_since,
                  std::string_view etag, Timestamp last_modified) {
  if (!if_none_match.empty())
    return any_element(if_none_match, [&](std::string_view candidate) {
      return candidate == "*" || opaque(candidate) == opaque(etag);
    });
  const auto since = parse_http_date(if_modified_since);
  return since && last_modified.ms / 1000 <= since->ms / 1000;
}

Result<std::optional<ByteRange>> choose_range(std::string_view range, std::string_view if_range,
                                              std::string_view etag, Timestamp last_modified,
                                              std::uint64_t size) {
  constexpr std::string_view kUnit = "bytes=";
  if (!equal_ignoring_case(range.substr(0, kUnit.size()), kUnit)) return std::nullopt;
  if (range.find(',') != range.npos || !is_same(if_range, etag, last_modified)) return std::nullopt;
  range.remove_prefix(kUnit.size());
  const auto dash = range.find('-');
  if (dash == range.npos) return std::nullopt;
  const std::string_view first_text = trim(range.substr(0, dash));
  const std::string_view last_text = trim(range.substr(dash + 1));

  if (first_text.empty()) {  // the last n bytes
    const auto n = number(last_text);
    if (!n) return std::nullopt;
    if (*n == 0 || size == 0) return fail(Code::invalid_range);
    const auto length = std::min(*n, size);
    return ByteRange{size - length, length};
  }
  const auto first = number(first_text);
  const auto last = last_text.empty() ? std::optional(size - 1) : number(last_text);
  if (!first || !last) return std::nullopt;
  if (*first >= size) return fail(Code::invalid_range);
  if (*last < *first) return std::nullopt;
  return ByteRange{*first, std::min(*last, size - 1) - *first + 1};
}

bool accepts_encoding(std::string_view accept_encoding, std::string_view coding) {
  int exact = -1, any = -1;
  any_element(accept_encoding, [&](std::string_view element) {
    const auto semicolon = std::min(element.find(';'), element.size());
    const auto name = trim(element.substr(0, semicolon));
    const int q = quality(element.substr(std::min(semicolon + 1, element.size())));
    if (equal_ignoring_case(name, coding)) exact = q;
    if (name == "*") any = q;
    return false;
  });
  return exact >= 0 ? exact > 0 : any > 0;
}

int accept_quality(std::string_view accept, std::string_view type) {
  if (trim(accept).empty()) return 1000;
  const std::string_view family = type.substr(0, type.find('/') + 1);  // "text/"
  int best = 0, best_rank = 0;
  any_element(accept, [&](std::string_view element) {
    const auto semicolon = std::min(element.find(';'), element.size());
    const auto name = trim(element.substr(0, semicolon));
    const int q = quality(element.substr(std::min(semicolon + 1, element.size())));
    const int rank = equal_ignoring_case(name, type)                          ? 3
                     : name.ends_with("/*") && name.starts_with(family)       ? 2
                     : name == "*/*"                                          ? 1
                                                                              : 0;
    if (rank > best_rank) {
      best_rank = rank;
      best = q;
    }
    return false;
  });
  return best;
}

}  // namespace kontor::http
