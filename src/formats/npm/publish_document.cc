// One function for each check, called in order by decode_publication.
#include "formats/npm/publish_document.h"

#include "base/encoding.h"
#include "domain/semver.h"
#include "formats/npm/claims.h"
#include "formats/npm/manifest_check.h"
#include "formats/npm/search_entry.h"
#include "formats/npm/tag_rules.h"

namespace kontor::npm {
namespace {

constexpr std::size_t kMaxTags = 16;

enum Wanted : std::size_t { package_json, binding_gyp, shrinkwrap, readme };

const Json kNothing;

const Json& member(const Json& object, std::string_view name) {
  if (!object.is_object()) return kNothing;
  const auto it = object.find(name);
  return it == object.end() ? kNothing : *it;
}

Result<void> check_names(const Received& in) {
  for (const auto* field : {"name", "_id"}) {
    const Json& stated = member(in.envelope.document, field);
    if (!stated.is_null() && stated != in.name)
      return fail(Code::invalid_name, std::string("The document's ") + field +
                                          " is not the package name in the URL, " + in.name + ".");
  }
  return {};
}

struct OneVersion {
  std::string number;  // cleaned
  const Json* manifest = nullptr;
};

Result<OneVersion> take_version(const Received& in) {
  const Json& versions = member(in.envelope.document, "versions");
  if (!versions.is_object() || versions.size() != 1 || !versions.begin()->is_object())
    return fail(Code::missing_attachment);
  const auto& key = versions.begin().key();
  const Json& manifest = *versions.begin();
  const auto number = clean(key);
  if (!number)
    return fail(Code::invalid_version, cut_text(key, 80) + " is not a semantic version.");
  if (string_member(manifest, "name") != in.name)
    return fail(Code::invalid_name,
                "The manifest's name is not the package name in the URL, " + in.name + ".");
  if (clean(string_member(manifest, "version")) != number)
    return fail(Code::invalid_version,
                "The manifest's version is not the version it is filed under, " + *number + ".");
  return OneVersion{*number, &manifest};
}

Result<void> check_attachments(const Received& in) {
  const bool with_bundle = in.envelope.bundle() != nullptr;
  if (with_bundle && !in.takes_bundles)
    return fail(Code::bad_request,  // 501 would make npm send it twice more
                "This registry trusts no roots of provenance (npm.trustedRoot), so it cannot verify "
                "a bundle; publish with --no-provenance.");
  const Json& attachments = member(in.envelope.document, "_attachments");
  if (!in.envelope.tarball() || !attachments.is_object() ||
      attachments.size() != (with_bundle ? 2u : 1u))
    return fail(Code::missing_attachment);
  return {};
}

Result<std::vector<std::string>> take_tags(const Received& in, const std::string& version) {
  const Json& tags = member(in.envelope.document, "dist-tags");
  std::vector<std::string> out;
  if (!tags.is_object() || tags.empty()) return std::vector<std::string>{"latest"};
  if (tags.size() > kMaxTags) return fail(Code::invalid_tag, "Too many tags in one publish.");
  for (const auto& [tag, value] : tags.items()) {
    if (auto legal = check_tag(tag); !legal) return fail(legal);
    if (!value.is_string() || clean(value.get_ref<const std::string&>()) != version)
      return fail(Code::invalid_tag,
                  "The tag " + tag + " must point at the published version " + version + ".");
    out.push_back(tag);
  }
  return out;
}

Result<std::optional<Visibility>> take_access(const Received& in) {
  const Json& access = member(in.envelope.document, "access");
  if (access.is_null()) return std::nullopt;
  if (access == "public") return Visibility::open;
  if (access == "restricted" || access == "private") return Visibility::restricted;
  return fail(Code::bad_request, "access must be public or restricted.");
}

ManifestFacts facts_of(const Received& in, const std::string& version, const Json& packed) {
  const auto& gyp = in.report.wanted[binding_gyp];
  const auto& read_me = in.report.wanted[readme];
  return {.name = in.name,
          .version = version,
          .archive = in.archive,
          .file_count = in.report.file_count,
          .unpacked_size = in.report.unpacked_size,
          .has_install_script = has_install_script(packed, gyp.has_value()),
          .has_shrinkwrap = in.report.wanted[shrinkwrap].has_value(),
          .publisher = in.publisher,
          .maintainers = in.maintainers,
          .readme_file_name = read_me ? read_me->path : std::string()};
}

std::string choose_readme(const Received& in, const Json& manifest) {
  auto text = readme_of(manifest, in.envelope.document);
  const auto& file = in.report.wanted[readme];
  if (!text.empty() || !file) return text;
  text = cut_text(file->bytes, kMaxReadme - 3);  // never in the middle of a character
  return is_utf8(text) ? text : std::string();
}

VersionRecord make_record(const Received& in, const OneVersion& version, Fragments fragments) {
  VersionRecord record;
  record.version = version.number;
  record.manifest = std::move(fragments.full);
  record.abbreviated = std::move(fragments.abbreviated);
  record.deprecated = std::move(fragments.deprecated);
  record.readme = choose_readme(in, *version.manifest);
  record.file_name = tarball_file_name(in.name, version.number);
  record.archive = in.archive;
  record.lacks_signature = true;
  return record;
}

}  // namespace

std::vector<WantedFile> wanted_files() {
  using Oversize = WantedFile::Oversize;
  using Match = WantedFile::Match;
  std::vector<WantedFile> out(4);
  out[package_json] = {.name = "package.json", .max_bytes = 1 << 20};
  out[binding_gyp] = {.name = "binding.gyp", .max_bytes = 0, .oversize = Oversize::cut};
  out[shrinkwrap] = {.name = "npm-shrinkwrap.json", .max_bytes = 0, .oversize = Oversize::cut};
  out[readme] = {
      .name = "readme", .max_bytes = kMaxReadme, .match = Match::stem, .oversize = Oversize::cut};
  return out;
}

Result<Json> packed_manifest(const ArchiveReport& report, std::uint32_t max_json_depth) {
  const auto& file = report.wanted[package_json];
  if (!file) return fail(Code::invalid_archive, "The tarball has no package.json.");
  ByteView text = file->bytes;
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  auto tree = parse_json(text, {.max_depth = max_json_depth});
  if (tree) return tree;
  return fail(Code::invalid_archive,
              "package.json in the tarball cannot be used: " + std::string(tree.error().message()));
}

Result<Publication> decode_publication(const Received& in) {
  if (auto ok = check_names(in); !ok) return fail(ok);
  if (auto ok = check_attachments(in); !ok) return fail(ok);
  const auto version = take_version(in);
  if (!version) return fail(version.error().code, version.error().detail);
  Publication out{.key = {FormatId::npm, in.name}};
  auto tags = take_tags(in, version->number);
  if (!tags) return fail(tags);
  out.tags = std::move(*tags);
  const auto access = take_access(in);
  if (!access) return fail(access.error().code, access.error().detail);
  out.visibility = *access;
  if (auto ok =
          check_claims(*in.envelope.tarball(), member(*version->manifest, "dist"), in.archive);
      !ok)
    return fail(ok);
  const auto packed = packed_manifest(in.report, in.max_json_depth);
  if (!packed) return fail(packed.error().code, packed.error().detail);
  if (auto ok = check_manifest(*packed, *version->manifest, in.name, version->number); !ok)
    return fail(ok);
  auto fragments = make_fragments(*version->manifest, facts_of(in, version->number, *packed));
  if (!fragments) return fail(fragments);
  out.manifest = fragments->digest;
  out.version = make_record(in, *version, std::move(*fragments));
  out.search = make_search_entry(out.version);
  return out;
}

}  // namespace kontor::npm
