// Segments come decoded; "@scope%2fname" is one of them.
#include "apps/edge/package_path.h"

#include "http/path.h"

#include <algorithm>

namespace kontor::edge {
namespace {

using Segments = std::span<const std::string>;

Segments without_front(Segments segments) {
  if (segments.size() > 2 && segments[0] == "-" && segments[1] == "package")
    return segments.subspan(2);
  if (segments.size() > 3 && segments[0] == "cdn" && segments[1] != "-") return segments.subspan(1);
  return segments;
}

}  // namespace

Segments below_prefix(Segments segments, const std::vector<std::string>& prefixes) {
  for (const auto& prefix : prefixes) {
    const auto parts = http::split_path(prefix);
    if (parts && parts->size() < segments.size() &&
        std::equal(parts->begin(), parts->end(), segments.begin()))
      return segments.subspan(parts->size());
  }
  return segments;
}

PackagePath package_path(Segments segments) {
  segments = without_front(segments);
  if (segments.empty() || segments[0] == "-") return {};
  const bool split = segments[0].starts_with('@') && segments[0].find('/') == std::string::npos;
  PackagePath path;
  path.package = split && segments.size() > 1 ? segments[0] + '/' + segments[1] : segments[0];
  const auto rest = segments.subspan(split && segments.size() > 1 ? 2 : 1);
  if (rest.size() == 2 && rest[0] == "-") path.file = rest[1];
  path.alone = rest.empty();
  return path;
}

}  // namespace kontor::edge
