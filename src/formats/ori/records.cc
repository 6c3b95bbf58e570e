// Texts are made once, when a version is published, and changed only at their end.
#include "formats/ori/records.h"

#include "base/json_canonical.h"
#include "base/sha256.h"
#include "formats/ori/names.h"

namespace kontor::ori {
namespace {

// Inside a JSON text every quote is escaped, so this occurs in no text; its last occurrence is the
// member at the end.
constexpr std::string_view kDeprecated = ",\"deprecated\":";

std::string to_text(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string_view deprecation_literal(std::string_view fragment) {
  const auto at = fragment.rfind(kDeprecated);
  if (at == fragment.npos || !fragment.ends_with('}')) return "null";
  fragment.remove_prefix(at + kDeprecated.size());
  fragment.remove_suffix(1);
  return fragment;
}

std::string deprecation_of(const std::string& fragment) {
  const auto text = Json::parse(deprecation_literal(fragment), nullptr, false);
  return text.is_string() ? text.get<std::string>() : std::string();
}

std::string with_deprecation(const std::string& fragment, const std::string& text) {
  std::string out = fragment.substr(0, fragment.rfind(kDeprecated));
  out += kDeprecated;
  out += text.empty() ? std::string("null") : to_text(Json(text));
  return out + "}";
}

Json parsed(const std::string& manifest) {
  auto tree = Json::parse(manifest, nullptr, false);
  return tree.is_object() ? tree : Json::object();
}

std::string text_of(const Json& object, const char* key) {
  const auto it = object.find(key);
  return it != object.end() && it->is_string() ? it->get<std::string>() : std::string();
}

std::string line_of(const Json& manifest) {
  const auto version = text_of(manifest, "version");
  const Json line = {{"version", version},
                     {"checksum", manifest.value("checksum", Json(nullptr))},
                     {"size", manifest.value("size", Json(nullptr))},
                     {"prerelease", !is_stable(version)},
                     {"deprecated", manifest.value("deprecated", Json(nullptr))}};
  return to_text(line);
}

SearchEntry search_entry(const VersionRecord& version) {
  const Json manifest = parsed(version.manifest);
  SearchEntry out;
  out.version = version.version;
  out.description = text_of(manifest, "description");
  for (const auto& word : manifest.value("keywords", Json::array()))
    if (word.is_string()) out.keywords.push_back(word.get<std::string>());
  if (const auto authors = manifest.value("authors", Json::array());
      !authors.empty() && authors[0].is_string())
    out.author = authors[0].get<std::string>();
  out.deprecated = !version.deprecated.empty();
  out.unstable = !is_stable(version.version) || version.version.starts_with("0.");
  out.document = to_text({{"name", text_of(manifest, "name")},
                          {"description", out.description},
                          {"version", out.version},
                          {"keywords", out.keywords}});
  return out;
}

std::string contradiction_in(const std::string& package, const VersionRecord& version) {
  const Json manifest = parsed(version.manifest);
  if (text_of(manifest, "name") != package) return "The metadata names another package.";
  if (text_of(manifest, "version") != version.version) return "The metadata names another version.";
  if (text_of(manifest, "checksum") != "sha256:" + version.archive.sha256.hex())
    return "The checksum in the metadata is not the archive's.";
  if (deprecation_of(version.manifest) != version.deprecated)
    return "The metadata and the row differ about the deprecation.";
  return {};
}

std::optional<std::weak_ordering> order(std::string_view a, std::string_view b) {
  const auto left = parse_version(a), right = parse_version(b);
  if (!left || !right) return std::nullopt;
  return sort_order(*left, *right);
}

// What the registry has to have for it, as exact versions.
std::vector<kontor::Dependency> dependencies_of(const std::string& manifest) {
  std::vector<kontor::Dependency> out;
  for (const auto& one : parsed(manifest).value("dependencies", Json::array()))
    if (one.is_object() && text_of(one, "kind") == "normal")
      out.push_back({text_of(one, "name"), text_of(one, "version")});
  return out;
}

// What an installer obeys.
Sha256 digest_of(const Json& document) {
  Json obeyed = Json::object();
  for (const auto* key : {"name", "version", "ori", "edition", "entry", "dependencies", "features"})
    obeyed[key] = document.value(key, Json(nullptr));
  return sha256(canonical_json(obeyed));
}

}  // namespace

const Format kOri = {
    .id = FormatId::ori,
    .scopes = ScopeRule::first_come,
    .latest = LatestRule::highest,
    .comes_before = comes_before,
    .is_stable = is_stable,
    .search_entry = search_entry,
    .deprecation_of = deprecation_of,
    .with_deprecation = with_deprecation,
    .abbreviated_of = [](const std::string&,
                         const std::string& manifest) { return line_of(parsed(manifest)); },
    .contradiction_in = contradiction_in,
    .ecosystem = "Ori",
    .order = order,
    .dependencies_of = dependencies_of,
    .takes = [](const std::string& requirement,
                const std::string& version) { return requirement == version; },
};

std::string archive_file_name(const std::string& package, const std::string& version) {
  return package.substr(package.find('/') + 1) + "-" + version + ".ori.tar.gz";
}

Publication make_publication(const Manifest& manifest, const BlobDigests& archive) {
  Publication out;
  out.key = {FormatId::ori, manifest.name.full()};
  out.scope = manifest.name.scope;
  Json document = to_json(manifest);
  out.manifest = digest_of(document);
  document["checksum"] = "sha256:" + archive.sha256.hex();
  document["size"] = archive.size;
  document["deprecated"] = nullptr;
  VersionRecord& version = out.version;
  version.version = to_string(manifest.version);
  version.manifest = to_text(document);
  version.abbreviated = line_of(document);
  version.file_name = archive_file_name(out.key.name, version.version);
  version.archive = archive;
  out.search = search_entry(version);
  return out;
}

std::string with_members(std::string fragment, const std::string& members) {
  fragment.pop_back();
  return fragment + "," + members + "}";
}

}  // namespace kontor::ori
