// Text is appended member by member; only the manifest of `latest` is looked into.
#include "formats/npm/packument.h"

#include "base/sha256.h"
#include "formats/npm/fragment.h"

#include <algorithm>
#include <array>
#include <utility>

namespace kontor::npm {
namespace {

// What the document repeats from the manifest of the version tagged latest.
constexpr std::array<std::string_view, 9> kHoisted = {"description", "author",   "contributors",
                                                      "repository",  "homepage", "bugs",
                                                      "license",     "keywords", "readmeFilename"};

// Appends `"name":` with a comma before all members but the first.
void begin_member(Bytes& out, std::string_view name) {
  if (out.back() != '{') out += ',';
  out.append(json_string(name)).append(":");
}

void add_text(Bytes& out, std::string_view name, std::string_view value) {
  begin_member(out, name);
  out.append(json_string(value));
}

void add_raw(Bytes& out, std::string_view name, std::string_view json) {
  begin_member(out, name);
  out.append(json);
}

void add_tags(Bytes& out, const PackageRecord& record) {
  begin_member(out, "dist-tags");
  out += '{';
  for (const auto& [tag, version] : record.tags) add_text(out, tag, version);
  out += '}';
}

void add_maintainers(Bytes& out, const PackageRecord& record) {
  Json maintainers = Json::array();
  for (const auto& person : maintainers_of(record.owners)) maintainers.push_back(to_json(person));
  add_raw(out, "maintainers", to_text(maintainers));
}

void add_stars(Bytes& out, const PackageRecord& record) {
  begin_member(out, "users");
  out += '{';
  for (const auto& name : record.stars) add_raw(out, name, "true");
  out += '}';
}

void add_hoisted(Bytes& out, const VersionRecord& latest) {
  const Json manifest = parse_fragment(latest.manifest);
  for (const auto name : kHoisted)
    if (const auto it = manifest.find(name); it != manifest.end()) add_raw(out, name, to_text(*it));
}

}  // namespace

std::string revision_text(const std::string& name, std::uint64_t revision) {
  const auto number = std::to_string(revision);
  return number + "-" + sha256(name + '\n' + number).hex().substr(0, 16);
}

std::string revision_text(const PackageRecord& record) {
  return revision_text(record.key.name, record.revision);
}

std::vector<Person> maintainers_of(const std::vector<Owner>& owners) {
  std::vector<Person> out;
  for (const auto& owner : owners)
    if (owner.role == OwnerRole::maintainer) out.push_back({owner.name, owner.email});
  return out;
}

Bytes packument_head(const PackageRecord& record, Form form) {
  Bytes out = "{";
  if (form == Form::full) add_text(out, "_id", record.key.name);
  // yarn 1 changes owners from the abbreviated document: without the revision and the maintainers
  // in it, it would replace them all by the one it adds.
  add_text(out, "_rev", revision_text(record));
  add_text(out, "name", record.key.name);
  add_tags(out, record);
  begin_member(out, "versions");
  out += '{';
  return out;
}

void append_versions(Bytes& out, std::span<const VersionFragment> fragments, std::string_view base,
                     bool first) {
  std::size_t size = out.size();
  for (const auto& version : fragments) size += version.fragment.size() + base.size() + 64;
  if (size > out.capacity()) out.reserve(std::max(size, 2 * out.capacity()));
  for (const auto& version : fragments) {
    if (!std::exchange(first, false)) out += ',';
    out.append(json_string(version.version)).append(":");
    append_expanded(out, version.fragment, base);
  }
}

Bytes packument_middle(const PackageRecord& record) {
  Bytes out = "},\"time\":{";
  add_text(out, "created", rfc3339(record.created));
  add_text(out, "modified", rfc3339(record.modified));
  return out;
}

void append_times(Bytes& out, std::span<const VersionFragment> fragments) {
  for (const auto& version : fragments)
    out.append(",")
        .append(json_string(version.version))
        .append(":\"")
        .append(rfc3339(version.published))
        .append("\"");
}

Bytes packument_tail(const PackageRecord& record, const VersionRecord* latest, Form form,
                     std::string_view more) {
  Bytes out = "}";
  add_maintainers(out, record);
  if (form == Form::abbreviated) {
    add_text(out, "modified", rfc3339(record.modified));
  } else {
    add_stars(out, record);
    if (latest) add_hoisted(out, *latest);
    add_text(out, "readme", latest ? latest->readme : std::string());
    add_raw(out, "_attachments", "{}");
  }
  return out.append(more).append("}");
}

Bytes render_packument(const PackageRecord& record, std::span<const VersionFragment> fragments,
                       const VersionRecord* latest, Form form, std::string_view base) {
  Bytes out = packument_head(record, form);
  append_versions(out, fragments, base, true);
  out += packument_middle(record);
  append_times(out, fragments);
  return out += packument_tail(record, latest, form);
}

}  // namespace kontor::npm
