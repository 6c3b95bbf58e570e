// Path splitting with refusal of everything that two parsers could read differently.
#include "http/path.h"

#include <algorithm>

#include "base/encoding.h"

namespace kontor::http {
namespace {

constexpr std::size_t kMaxSegments = 16;

bool has_dot_part(std::string_view segment) {
  while (!segment.empty()) {
    const auto end = std::min(segment.find('/'), segment.size());
    const auto part = segment.substr(0, end);
    if (part == "." || part == "..") return true;
    segment.remove_prefix(std::min(end + 1, segment.size()));
  }
  return false;
}

bool is_safe(std::string_view segment) {
  const bool printable = std::ranges::all_of(segment, [](char c) {
    return static_cast<unsigned char>(c) >= 0x20 && c != 0x7F && c != '\\';
  });
  return !segment.empty() && printable && is_utf8(segment) && !has_dot_part(segment);
}

}  // namespace

Result<std::vector<std::string>> split_path(std::string_view raw) {
  std::vector<std::string> segments;
  if (!raw.starts_with('/')) return fail(Code::bad_request, "The path must begin with a slash.");
  raw.remove_prefix(1);
  while (!raw.empty()) {
    const auto end = std::min(raw.find('/'), raw.size());
    auto segment = percent_decode(raw.substr(0, end));
    if (!segment || !is_safe(*segment))
      return fail(Code::bad_request, "The path holds an empty, ill-encoded or forbidden segment.");
    if (segments.size() == kMaxSegments) return fail(Code::bad_request, "The path is too deep.");
    segments.push_back(std::move(*segment));
    raw.remove_prefix(std::min(end + 1, raw.size()));
  }
  return segments;
}

}  // namespace kontor::http
