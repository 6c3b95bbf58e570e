// Everything comes from the stored manifest, so that an entry can be rebuilt at any time.
#include "formats/npm/search_entry.h"

#include "domain/semver_range.h"
#include "formats/npm/advisory_range.h"
#include "formats/npm/fragment.h"
#include "formats/npm/manifest.h"
#include "formats/npm/stored_manifest.h"

namespace kontor::npm {
namespace {

constexpr std::size_t kMaxKeywords = 64;
constexpr std::size_t kMaxText = 1024;  // bytes of one field

Version version_of(const std::string& text) {
  return parse_version_loose(text).value_or(Version{});
}

// "A. Person <mail>" or {"name": "A. Person"}.
std::string person_name(const Json& manifest, const char* field) {
  const auto it = manifest.find(field);
  if (it == manifest.end()) return {};
  if (it->is_object()) return cut_text(string_member(*it, "name"), kMaxText);
  std::string text = it->is_string() ? it->get<std::string>() : std::string();
  text.resize(std::min(text.find_first_of("<("), text.size()));
  while (text.ends_with(' ')) text.pop_back();
  return cut_text(std::move(text), kMaxText);
}

// Only links a browser may follow.
std::string web_link(const Json& manifest, const char* field) {
  const auto it = manifest.find(field);
  if (it == manifest.end()) return {};
  std::string text = it->is_string() ? it->get<std::string>() : string_member(*it, "url");
  if (text.starts_with("git+")) text.erase(0, 4);
  if (text.ends_with(".git")) text.resize(text.size() - 4);
  const bool web = text.starts_with("https://") || text.starts_with("http://");
  return web && text.size() <= kMaxText ? text : std::string();
}

std::vector<std::string> keywords_of(const Json& manifest) {
  std::vector<std::string> out;
  const auto it = manifest.find("keywords");
  if (it == manifest.end()) return out;
  if (it->is_string()) out.push_back(cut_text(it->get<std::string>(), kMaxText));
  if (it->is_array())
    for (const auto& word : *it)
      if (word.is_string() && out.size() < kMaxKeywords)
        out.push_back(cut_text(word.get<std::string>(), kMaxText));
  return out;
}

std::string license_of(const Json& manifest) {
  const auto it = manifest.find("license");
  if (it == manifest.end()) return {};
  return cut_text(it->is_string() ? it->get<std::string>() : string_member(*it, "type"), kMaxText);
}

// The link to the package's page comes as a mark and a path, so it is put in as text.
std::string links_of(const Json& manifest, const std::string& name) {
  std::string out = "{\"npm\":\"";
  out += kBaseMark;
  out += "/" + json_string(name).substr(1);
  for (const auto* field : {"homepage", "repository", "bugs"})
    if (const auto link = web_link(manifest, field); !link.empty())
      out += "," + json_string(field) + ":" + json_string(link);
  return out + "}";
}

std::string document_of(const Json& manifest, const SearchEntry& entry, const std::string& name) {
  Json out = Json::object();
  out["name"] = name;
  const auto slash = name.find('/');
  out["scope"] = slash == name.npos ? "unscoped" : name.substr(1, slash - 1);
  out["version"] = entry.version;
  out["description"] = entry.description;
  out["keywords"] = entry.keywords;
  if (!entry.author.empty()) out["author"] = Json{{"name", entry.author}};
  if (const auto license = license_of(manifest); !license.empty()) out["license"] = license;
  if (const auto user = manifest.find("_npmUser"); user != manifest.end())
    out["publisher"] = Json{{"username", string_member(*user, "name")},
                            {"email", string_member(*user, "email")}};
  std::string text = to_text(out);
  text.pop_back();
  return text + ",\"links\":" + links_of(manifest, name) + "}";
}

bool comes_before(const std::string& a, const std::string& b) {
  return sort_order(version_of(a), version_of(b)) < 0;
}

constexpr RangeOptions kLoose = {.grammar = Grammar::loose};

// "npm:other@^1.0.0" installs another package under this name.
Dependency dependency_of(const std::string& name, const std::string& requirement) {
  constexpr std::string_view kAlias = "npm:";
  if (!requirement.starts_with(kAlias)) return {name, requirement};
  const auto target = requirement.substr(kAlias.size());
  const auto at = target.find('@', 1);
  if (at == target.npos) return {target, "*"};
  return {target.substr(0, at), target.substr(at + 1)};
}

std::vector<Dependency> dependencies_of(const std::string& fragment) {
  const Json manifest = parse_fragment(fragment);
  std::vector<Dependency> out;
  for (const auto* group : {"dependencies", "optionalDependencies"})
    if (const auto it = manifest.find(group); it != manifest.end() && it->is_object())
      for (const auto& [name, requirement] : it->items())
        if (requirement.is_string())
          out.push_back(dependency_of(name, requirement.get<std::string>()));
  return out;
}

bool is_stable(const std::string& version) { return version_of(version).prerelease.empty(); }

}  // namespace

SearchEntry make_search_entry(const VersionRecord& version) {
  const Json manifest = parse_fragment(version.manifest);
  const Version number = version_of(version.version);
  SearchEntry entry;
  entry.version = version.version;
  entry.description = cut_text(string_member(manifest, "description"), kMaxText);
  entry.keywords = keywords_of(manifest);
  entry.author = person_name(manifest, "author");
  entry.document = document_of(manifest, entry, string_member(manifest, "name"));
  entry.deprecated = !version.deprecated.empty();
  entry.unstable = number.major == 0 || !number.prerelease.empty();
  return entry;
}

const Format kNpm = {
    .id = FormatId::npm,
    .comes_before = comes_before,
    .is_stable = is_stable,
    .search_entry = make_search_entry,
    .deprecation_of = [](const std::string& fragment) { return deprecation_of(fragment); },
    .with_deprecation = [](const std::string& fragment,
                           const std::string& text) { return with_deprecation(fragment, text); },
    .abbreviated_of = abbreviated_of,
    .contradiction_in = contradiction_in,
    .ecosystem = "npm",
    .order = version_order,
    .dependencies_of = dependencies_of,
    .takes = [](const std::string& requirement,
                const std::string& version) { return satisfies(version, requirement, kLoose); },
};

}  // namespace kontor::npm
