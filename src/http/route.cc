// Matching of decoded path segments against a pattern, segment by segment.
#include "http/route.h"

#include <algorithm>

#include "base/check.h"

namespace kontor::http {
namespace {

const std::string kNoValue;

std::string_view take_part(std::string_view& pattern) {
  pattern.remove_prefix(1);  // the slash
  const auto end = std::min(pattern.find('/'), pattern.size());
  const auto part = pattern.substr(0, end);
  pattern.remove_prefix(end);
  return part;
}

// Number of segments a package name takes at the front; 0 where there is none.
std::size_t package_segments(std::span<const std::string> segments, std::string& name) {
  if (segments.empty() || segments[0] == "-") return 0;  // "-" is the registry's own
  const std::string& first = segments[0];
  const bool scope_alone = first.starts_with('@') && first.find('/') == first.npos;
  if (!scope_alone) {
    const bool stray_slash = !first.starts_with('@') && first.find('/') != first.npos;
    name = first;
    return stray_slash ? 0 : 1;
  }
  if (segments.size() < 2 || segments[1].find('/') != std::string::npos) return 0;
  name = first + "/" + segments[1];
  return 2;
}

}  // namespace

std::string_view to_string(Access access) {
  switch (access) {
    case Access::open: return "open";
    case Access::read: return "read";
    case Access::account: return "account";
    case Access::write: return "write";
    case Access::full: return "full";
    case Access::admin: return "admin";
    case Access::metrics: return "metrics";
  }
  return "";
}

void Params::add(std::string_view name, std::string value) {
  check(size_ < entries_.size(), "a pattern has at most four parameters");
  entries_[size_++] = {name, std::move(value)};
}

const std::string& Params::operator[](std::string_view name) const {
  for (std::size_t i = 0; i < size_; ++i)
    if (entries_[i].name == name) return entries_[i].value;
  return kNoValue;
}

bool match_pattern(std::string_view pattern, std::span<const std::string> segments,
                   Params& params) {
  params.clear();
  if (pattern == "/") return segments.empty();
  while (!pattern.empty()) {
    const auto part = take_part(pattern);
    if (segments.empty()) return false;
    std::size_t taken = 1;
    if (part == ":pkg") {
      std::string name;
      taken = package_segments(segments, name);
      if (!taken) return false;
      params.add("pkg", std::move(name));
    } else if (part.starts_with('*')) {
      std::string rest;
      for (const auto& segment : segments) rest += (rest.empty() ? "" : "/") + segment;
      params.add(part.substr(1), std::move(rest));
      taken = segments.size();
    } else if (part.starts_with(':')) {
      params.add(part.substr(1), segments[0]);
    } else if (part != segments[0]) {
      return false;
    }
    segments = segments.subspan(taken);
  }
  return segments.empty();
}

}  // namespace kontor::http
