// Documents are JSON objects; nothing in them changes later but description and deprecation, so
// both are simply parsed and printed again then.
#include "formats/progy/records.h"

#include "base/json_canonical.h"
#include "base/sha256.h"
#include "domain/semver.h"
#include "formats/progy/names.h"

namespace kontor::progy {
namespace {

std::string to_text(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json parsed(const std::string& document) {
  auto tree = Json::parse(document, nullptr, false);
  return tree.is_object() ? tree : Json::object();
}

std::string text_of(const Json& object, const char* key) {
  const auto it = object.find(key);
  return it != object.end() && it->is_string() ? it->get<std::string>() : std::string();
}

Json text_or_null(const std::string& text) {
  return text.empty() ? Json(nullptr) : Json(text);
}

Json line_of(const Json& document) {
  Json out = Json::object();
  for (const auto* key : {"version", "checksum", "sizeBytes", "changelog", "deprecated"})
    out[key] = document.value(key, Json(nullptr));
  return out;
}

std::string deprecation_of(const std::string& fragment) {
  return text_of(parsed(fragment), "deprecated");
}

std::string with_member(const std::string& fragment, const char* key, const std::string& text) {
  Json document = parsed(fragment);
  document[key] = text_or_null(text);
  return to_text(document);
}

SearchEntry search_entry(const VersionRecord& version) {
  const Json document = parsed(version.manifest);
  const Json course = document.value("course", Json::object());
  SearchEntry out;
  out.version = version.version;
  out.description = text_of(document, "description");
  for (const auto& word : course.value("keywords", Json::array()))
    if (word.is_string()) out.keywords.push_back(word.get<std::string>());
  out.author = text_of(course.value("author", Json::object()), "name");
  const auto status = text_of(document, "status");
  out.deprecated = !version.deprecated.empty() || status == kArchived;
  out.unstable = !is_stable(version.version) || version.version.starts_with("0.");
  const auto name = text_of(document, "name");
  Json shown = {{"id", name},
                {"name", name},
                {"slug", name.substr(name.find('/') + 1)},
                {"title", document.value("title", Json(nullptr))},
                {"description", out.description},
                {"latestVersion", out.version},
                {"keywords", out.keywords}};
  if (!status.empty()) shown["status"] = status;
  out.document = to_text(shown);
  return out;
}

std::string contradiction_in(const std::string& package, const VersionRecord& version) {
  const Json document = parsed(version.manifest);
  if (text_of(document, "name") != package) return "The document names another course.";
  if (text_of(document, "version") != version.version) return "The document names another version.";
  if (text_of(document, "checksum") != version.archive.sha256.hex())
    return "The checksum in the document is not the artifact's.";
  if (text_of(document, "deprecated") != version.deprecated)
    return "The document and the row differ about the deprecation.";
  return {};
}

std::optional<std::weak_ordering> order(std::string_view a, std::string_view b) {
  const auto left = parse_version(a), right = parse_version(b);
  if (!left || !right) return std::nullopt;
  return sort_order(*left, *right);
}

Json programs_of(const ArchiveReport& report) {
  Json out = Json::array();
  for (const auto& program : report.programs)
    out.push_back({{"path", program.path}, {"kind", program.kind}});
  return out;
}

Json document_of(const Metadata& metadata, const Course& course, const ArchiveReport& report,
                 const BlobDigests& artifact) {
  return {{"name", metadata.name.full()},
          {"version", metadata.version},
          {"title", text_or_null(course.title)},
          {"description", metadata.description.empty() ? course.description : metadata.description},
          {"checksum", artifact.sha256.hex()},
          {"sizeBytes", artifact.size},
          {"unpackedBytes", report.unpacked_size},
          {"files", report.file_count},
          {"changelog", text_or_null(metadata.changelog)},
          {"programs", programs_of(report)},
          {"deprecated", nullptr},
          {"course", course.document}};
}

}  // namespace

const Format kProgy = {
    .id = FormatId::progy,
    .scopes = ScopeRule::own_name,
    .latest = LatestRule::highest,
    .comes_before = comes_before,
    .is_stable = is_stable,
    .search_entry = search_entry,
    .deprecation_of = deprecation_of,
    .with_deprecation =
        [](const std::string& fragment, const std::string& text) {
          return with_member(fragment, "deprecated", text);
        },
    .abbreviated_of =
        [](const std::string&, const std::string& document) {
          return to_text(line_of(parsed(document)));
        },
    .contradiction_in = contradiction_in,
    .ecosystem = "Progy",
    .order = order,
};

Publication make_publication(const Metadata& metadata, const Course& course,
                             const ArchiveReport& report, const BlobDigests& artifact) {
  Publication out;
  out.key = {FormatId::progy, metadata.name.full()};
  out.scope = metadata.name.scope;
  if (metadata.is_private)
    out.visibility = *metadata.is_private ? Visibility::restricted : Visibility::open;
  out.manifest = sha256(canonical_json(course.document));
  const Json document = document_of(metadata, course, report, artifact);
  VersionRecord& version = out.version;
  version.version = metadata.version;
  version.manifest = to_text(document);
  version.abbreviated = to_text(line_of(document));
  version.file_name = artifact_file_name(out.key.name, version.version);
  version.archive = artifact;
  out.search = search_entry(version);
  return out;
}

std::string with_words(const std::string& document, const char* member, const std::string& text) {
  return with_member(document, member, text);
}

std::string status_of(const Json& document, Visibility visibility) {
  auto noted = document.is_object() ? text_of(document, "status") : std::string();
  if (noted == kArchived) return noted;
  if (visibility == Visibility::open) return std::string(kPublished);
  return noted.empty() ? std::string(kDraft) : noted;
}

}  // namespace kontor::progy
