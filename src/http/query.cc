// One pass over the pairs; names are compared decoded.
#include "http/query.h"

#include <algorithm>

#include "base/encoding.h"

namespace kontor::http {
namespace {

std::optional<std::string> decode(std::string_view text) {
  std::string spaced(text);
  std::ranges::replace(spaced, '+', ' ');
  return percent_decode(spaced);
}

}  // namespace

std::optional<std::string> find_query_value(std::string_view query, std::string_view name) {
  while (!query.empty()) {
    const auto end = std::min(query.find('&'), query.size());
    const std::string_view pair = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    const auto equals = std::min(pair.find('='), pair.size());
    if (decode(pair.substr(0, equals)) != name) continue;
    return equals == pair.size() ? std::string{} : decode(pair.substr(equals + 1));
  }
  return std::nullopt;
}

}  // namespace kontor::http
