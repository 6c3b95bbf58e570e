// Fragments are made by one function here and changed only at their end.
#include "formats/npm/fragment.h"

#include "ports/log_leaf.h"

#include <algorithm>

namespace kontor::npm {
namespace {

// Inside a JSON string every quote is escaped, so this text never occurs in one; the last
// occurrence is the member at the end of the fragment.
constexpr std::string_view kDeprecated = ",\"deprecated\":";
constexpr std::string_view kDist = "\"dist\":{";

// Where the last member "deprecated" begins, or npos: without it the text ends with the two braces
// of "dist" and of the version.
std::size_t find_deprecation(std::string_view fragment) {
  return fragment.ends_with("\"}") ? fragment.rfind(kDeprecated) : fragment.npos;
}

}  // namespace

std::string to_text(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string json_string(std::string_view text) {
  return to_text(Json(text));
}

std::string make_fragment(const Json& members, const Json& dist, std::string_view tarball_path,
                          std::string_view deprecated) {
  std::string out = to_text(members);
  out.pop_back();
  if (!members.empty()) out += ',';
  out += "\"dist\":";
  std::string dist_text = to_text(dist);
  dist_text.pop_back();
  out += dist_text;
  if (!dist.empty()) out += ',';
  std::string tarball = json_string(tarball_path);
  tarball.insert(1, 1, kBaseMark);
  out += "\"tarball\":" + tarball + "}}";
  return deprecated.empty() ? out : with_deprecation(out, deprecated);
}

std::string with_place_mark(std::string fragment) {
  static const std::string kTarball = std::string("\"tarball\":\"") + kBaseMark;
  static const std::string kTlog = std::string("\"tlog\":") + kPlaceMark + ",";
  if (const auto at = fragment.rfind(kTarball); at != fragment.npos) fragment.insert(at, kTlog);
  return fragment;
}

std::string with_dist_member(std::string_view fragment, std::string_view name,
                             std::string_view json) {
  const auto at = fragment.rfind(kDist);
  std::string out(fragment);
  if (at == fragment.npos) return out;
  return out.insert(at + kDist.size(), json_string(name) + ":" + std::string(json) + ",");
}

std::string deprecation_of(std::string_view fragment) {
  const auto at = find_deprecation(fragment);
  if (at == fragment.npos) return {};
  auto literal = fragment.substr(at + kDeprecated.size());
  literal.remove_suffix(1);
  const auto text = Json::parse(literal, nullptr, false);
  return text.is_string() ? text.get<std::string>() : std::string();
}

std::string with_deprecation(std::string_view fragment, std::string_view text) {
  const auto at = find_deprecation(fragment);
  std::string out(fragment.substr(0, at == fragment.npos ? fragment.size() - 1 : at));
  if (!text.empty()) out.append(kDeprecated).append(json_string(text));
  out += '}';
  return out;
}

void append_expanded(Bytes& out, std::string_view fragment, std::string_view base) {
  while (!fragment.empty()) {
    const auto end = std::min(fragment.find(kBaseMark), fragment.size());
    out.append(fragment.substr(0, end));
    if (end < fragment.size()) out.append(base);
    fragment.remove_prefix(std::min(end + 1, fragment.size()));
  }
}

std::string expanded(std::string_view fragment, std::string_view base) {
  std::string out;
  out.reserve(fragment.size() + base.size());
  append_expanded(out, fragment, base);
  return out;
}

Json parse_fragment(std::string_view fragment) {
  auto tree = Json::parse(with_place(expanded(fragment, {}), "null"), nullptr, false);
  return tree.is_object() ? tree : Json();
}

}  // namespace kontor::npm
