// Text is appended member by member; only the manifest of `latest` is looked into.
#include "formats/npm/packument.h"

#include <array>

#include "base/sha256.h"
#include "formats/npm/fragment.h"

namespace kontor::npm {
namespace {

// What the document repeats from the manifest of the version tagged latest.
constexpr std::array<std::string_view, 9> kHoisted = {
    "description", "author",  "contributors", "repository",    "homepage",
    "bugs",        "license", "keywords",     "readmeFilename"};

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

void add_versions(Bytes& out, std::span<const VersionFragment> fragments, std::string_view base) {
  begin_member(out, "versions");
  out += '{';
  for (const auto& version : fragments) {
    begin_member(out, version.version);
    append_expanded(out, version.fragment, base);
  }
  out += '}';
}

void add_time(Bytes& out, const PackageRecord& record, std::span<const VersionFragment> fragments) {
  begin_member(out, "time");
  out += '{';
  add_text(out, "created", rfc3339(record.created));
  add_text(out, "modified", rfc3339(record.modified));
  for (const auto& version : fragments) add_text(out, version.version, rfc3339(version.published));
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

Bytes render_packument(const PackageRecord& record, std::span<const VersionFragment> fragments,
                       const VersionRecord* latest, Form form, std::string_view base) {
  Bytes out;
  std::size_t size = 4096 + (latest ? latest->readme.size() + latest->readme.size() / 8 : 0);
  for (const auto& version : fragments) size += version.fragment.size() + base.size() + 96;
  out.reserve(size);
  out += '{';
  if (form == Form::full) add_text(out, "_id", record.key.name);
  // yarn 1 changes owners from the abbreviated document: without the revision and the maintainers
  // in it, it would replace them all by the one it adds.
  add_text(out, "_rev", revision_text(record));
  add_text(out, "name", record.key.name);
  add_tags(out, record);
  add_versions(out, fragments, base);
  add_time(out, record, fragments);
  add_maintainers(out, record);
  if (form == Form::abbreviated) {
    add_text(out, "modified", rfc3339(record.modified));
  } else {
    add_stars(out, record);
    if (latest) add_hoisted(out, *latest);
    add_text(out, "readme", latest ? latest->readme : std::string());
    add_raw(out, "_attachments", "{}");
  }
  out += '}';
  return out;
}

}  // namespace kontor::npm
