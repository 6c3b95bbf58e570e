// Normal form of manifests. Rows NPM-01, NPM-04.
#include "formats/npm/manifest.h"

#include "base/digest.h"
#include "base/json_canonical.h"
#include "base/sha256.h"
#include "formats/npm/bin.h"
#include "formats/npm/fragment.h"

#include <array>

namespace kontor::npm {
namespace {

// Traces of the publisher's machine, bulk that is kept elsewhere, and fields that only the registry
// states.
constexpr std::array<std::string_view, 13> kDropped = {
    "_resolved", "_from",   "_integrity", "_attachments", "_rev",             "_where",
    "readme",    "dist",    "deprecated", "access",       "hasInstallScript", "_hasShrinkwrap",
    "_npmOperationalInternal"};

constexpr std::array<std::string_view, 21> kAbbreviated = {
    "name",          "version",          "license",          "dependencies",
    "acceptDependencies", "optionalDependencies", "devDependencies", "bundleDependencies",
    "bundledDependencies", "peerDependencies", "peerDependenciesMeta", "dependenciesMeta",
    "bin",           "directories",      "engines",          "funding",
    "cpu",           "os",               "libc",             "workspaces",
    "hasInstallScript"};

Json make_dist(const ManifestFacts& facts) {
  Json dist = Json::object();
  dist["integrity"] = integrity(facts.archive.sha512);
  dist["shasum"] = facts.archive.sha1.hex();
  dist["fileCount"] = facts.file_count;
  dist["unpackedSize"] = facts.unpacked_size;
  return dist;
}

// The members of the sender that are kept, then the registry's own.
Result<Json> make_members(Json& manifest, const ManifestFacts& facts) {
  for (const auto name : kDropped) manifest.erase(std::string(name));
  manifest["name"] = facts.name;
  manifest["version"] = facts.version;
  if (const auto bin = manifest.find("bin"); bin != manifest.end()) {
    auto normal = normalise_bin(facts.name, *bin);
    if (!normal) return fail(normal);
    if (normal->is_null()) manifest.erase("bin");
    else *bin = std::move(*normal);
  }
  manifest["_id"] = facts.name + "@" + facts.version;
  manifest["_npmUser"] = to_json(facts.publisher);
  manifest["maintainers"] = Json::array();
  for (const auto& person : facts.maintainers) manifest["maintainers"].push_back(to_json(person));
  if (!facts.readme_file_name.empty() && string_member(manifest, "readmeFilename").empty())
    manifest["readmeFilename"] = facts.readme_file_name;
  if (facts.has_install_script) manifest["hasInstallScript"] = true;
  manifest["_hasShrinkwrap"] = facts.has_shrinkwrap;
  return std::move(manifest);
}

}  // namespace

Json abbreviate(const Json& members) {
  Json out = Json::object();
  for (const auto name : kAbbreviated)
    if (const auto it = members.find(name); it != members.end()) out[std::string(name)] = *it;
  if (const auto it = members.find("_hasShrinkwrap"); it != members.end() && *it == true)
    out["_hasShrinkwrap"] = true;
  return out;
}

std::string tarball_file_name(const std::string& package, const std::string& version) {
  return std::string(last_name(package)) + "-" + version + ".tgz";
}

std::string tarball_path(const std::string& package, const std::string& version) {
  return "/" + package + "/-/" + tarball_file_name(package, version);
}

Result<Fragments> make_fragments(Json manifest, const ManifestFacts& facts) {
  Fragments out;
  out.deprecated = string_member(manifest, "deprecated");
  auto members = make_members(manifest, facts);
  if (!members) return fail(members);
  const Json dist = make_dist(facts);
  const auto path = tarball_path(facts.name, facts.version);
  const Json abbreviated = abbreviate(*members);
  out.full = with_place_mark(make_fragment(*members, dist, path, out.deprecated));
  out.abbreviated = with_place_mark(make_fragment(abbreviated, dist, path, out.deprecated));
  out.digest = sha256(canonical_json(abbreviated));
  return out;
}

std::string readme_of(const Json& version, const Json& document) {
  std::string text = string_member(version, "readme");
  if (text.empty()) text = string_member(document, "readme");
  if (text.starts_with("ERROR: No README data found")) return {};
  return cut_text(std::move(text), kMaxReadme);
}

std::string cut_text(std::string text, std::size_t max_bytes) {
  if (text.size() <= max_bytes) return text;
  std::size_t end = max_bytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  text.resize(end);
  return text;
}

std::string string_member(const Json& object, std::string_view name) {
  if (!object.is_object()) return {};
  const auto it = object.find(name);
  return it != object.end() && it->is_string() ? it->get<std::string>() : std::string();
}

Json to_json(const Person& person) {
  Json out = Json::object();
  out["name"] = person.name;
  out["email"] = person.email;
  return out;
}

}  // namespace kontor::npm
