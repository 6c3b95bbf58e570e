// Each entry of `versions` becomes one range or one version.
#include "domain/advisory/cve_versions.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace kontor {
namespace {

constexpr std::size_t kMaxEntries = 2000;

std::string text_of(const Json& object, std::string_view name) {
  const auto it = object.is_object() ? object.find(name) : object.end();
  return it != object.end() && it->is_string() ? it->get<std::string>() : std::string();
}

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t");
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

// What stands for "from the start".
bool is_start(std::string_view version) {
  constexpr std::array<std::string_view, 5> kWords = {"", "0", "*", "unspecified", "n/a"};
  return std::ranges::find(kWords, version) != kWords.end();
}

Json event(const char* kind, std::string_view version) {
  return {{kind, std::string(version)}};
}

Json introduced(std::string_view version) {
  return event("introduced", is_start(version) ? "0" : version);
}

void add_range(CveVersions& out, Json events) {
  out.ranges.push_back({{"type", "ECOSYSTEM"}, {"events", std::move(events)}});
}

// ">= 1.0.0, < 1.2.3", "<= 2.0.0", "= 3.0.0".
void add_comparators(CveVersions& out, std::string_view text) {
  std::string_view begin;
  Json end;
  while (!text.empty()) {
    const auto comma = std::min(text.find(','), text.size());
    const auto part = trimmed(text.substr(0, comma));
    text.remove_prefix(std::min(comma + 1, text.size()));
    const auto digits = std::min(part.find_first_not_of("<>="), part.size());
    const auto sign = part.substr(0, digits), version = trimmed(part.substr(digits));
    if (sign == "=" || sign == "==") return void(out.versions.push_back(std::string(version)));
    if (sign.starts_with('>')) begin = version;
    if (sign == "<") end = event("fixed", version);
    if (sign == "<=") end = event("last_affected", version);
  }
  Json events = Json::array({introduced(begin)});
  if (!end.is_null()) events.push_back(std::move(end));
  add_range(out, std::move(events));
}

// Where the status changes inside an entry.
void add_changes(Json& events, const Json& entry) {
  const auto changes = entry.find("changes");
  if (changes == entry.end() || !changes->is_array()) return;
  for (const auto& change : *changes) {
    const auto at = text_of(change, "at"), status = text_of(change, "status");
    if (at.empty() || events.size() > kMaxEntries) continue;
    if (status == "unaffected") events.push_back(event("fixed", at));
    if (status == "affected") events.push_back(introduced(at));
  }
}

void add_affected(CveVersions& out, const Json& entry) {
  const auto version = text_of(entry, "version");
  const auto below = text_of(entry, "lessThan"), up_to = text_of(entry, "lessThanOrEqual");
  if (version.find_first_of("<>=") != version.npos) return add_comparators(out, version);
  if (below.empty() && up_to.empty() && !entry.contains("changes")) {
    if (is_start(version)) return add_range(out, Json::array({introduced(version)}));
    return void(out.versions.push_back(version));
  }
  Json events = Json::array({introduced(version)});
  add_changes(events, entry);
  if (!below.empty() && below != "*") events.push_back(event("fixed", below));
  if (!up_to.empty() && up_to != "*") events.push_back(event("last_affected", up_to));
  add_range(out, std::move(events));
}

// Everything is affected but what the entries exclude; a single excluded version is no range, and
// stays affected.
void add_all_but(CveVersions& out, const Json& entries) {
  Json events = Json::array({introduced("0")});
  for (const auto& entry : entries) {
    if (text_of(entry, "status") != "unaffected") continue;
    const auto version = text_of(entry, "version"), below = text_of(entry, "lessThan");
    if (below.empty() && text_of(entry, "lessThanOrEqual").empty()) continue;
    if (!is_start(version)) events.push_back(event("fixed", version));
    if (is_start(version)) events.clear();
    if (!below.empty() && below != "*") events.push_back(introduced(below));
  }
  if (!events.empty()) add_range(out, std::move(events));
}

}  // namespace

CveVersions cve_versions(const Json& product) {
  CveVersions out;
  const auto entries = product.find("versions");
  const bool listed = entries != product.end() && entries->is_array();
  if (listed && entries->size() > kMaxEntries) {
    out.wrong = "versions: has more than 2000 items";
    return out;
  }
  const bool all = text_of(product, "defaultStatus") == "affected";
  if (all) add_all_but(out, listed ? *entries : Json::array());
  for (std::size_t i = 0; listed && !all && i < entries->size(); ++i) {
    const Json& entry = (*entries)[i];
    if (!entry.is_object()) {
      out.wrong = "versions[" + std::to_string(i) + "]: must be an object";
      return out;
    }
    if (text_of(entry, "status") == "affected" && text_of(entry, "versionType") != "git")
      add_affected(out, entry);
  }
  return out;
}

}  // namespace kontor
