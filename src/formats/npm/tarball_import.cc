// The checks are those of a publish: the document that npm would have sent is made up and judged.
#include "formats/npm/tarball_import.h"

#include "domain/semver.h"
#include "formats/npm/handler_support.h"
#include "formats/npm/name_rules.h"
#include "formats/npm/packument.h"
#include "formats/npm/publish_document.h"
#include "formats/npm/search_entry.h"
#include "formats/npm/upload.h"

namespace kontor::npm {
namespace {

// Name, version and manifest by the package.json inside.
Result<void> identify(StagedTarball& tarball, std::uint32_t max_json_depth) {
  auto manifest = packed_manifest(tarball.report, max_json_depth);
  if (!manifest) return fail(manifest);
  auto name = parse_package_name(string_member(*manifest, "name"));
  if (!name) return fail(name);
  const auto version = clean(string_member(*manifest, "version"));
  if (!version) return fail(Code::invalid_version, "package.json has no semantic version.");
  tarball.target = publish_target(*name);
  tarball.version = *version;
  tarball.manifest = std::move(*manifest);
  return {};
}

// What npm would send with it.
Envelope envelope_of(const StagedTarball& tarball) {
  const auto& name = tarball.target.key.name;
  const auto file = tarball_file_name(name, tarball.version);
  Envelope out;
  out.document = {{"_id", name},
                  {"name", name},
                  {"versions", {{tarball.version, tarball.manifest}}},
                  {"_attachments", {{file, Json::object()}}}};
  out.attachments.push_back(
      {.key = file, .declared_length = tarball.digests.size, .length = tarball.digests.size});
  return out;
}

// Nothing where `latest` stays; the pipeline sets it where there is none.
std::vector<std::string> tags_of(const std::optional<PackageRecord>& package,
                                 const std::string& version) {
  if (!package) return {};
  const auto latest = package->tags.find("latest");
  if (latest == package->tags.end()) return {};
  const bool moves = highest_version(kNpm, {latest->second, version}) != latest->second;
  return moves ? std::vector<std::string>{"latest"} : std::vector<std::string>{};
}

}  // namespace

Task<StagedTarball> stage_tarball(Registry& registry, std::unique_ptr<http::BodyReader> bytes) {
  const auto settings = registry.settings;
  StagedTarball out;
  const auto check = registry.processor.begin(tarball_request(settings->publish));
  out.archive = co_await registry.blobs.stage();
  for (;;) {
    const ByteView piece = co_await bytes->read();
    if (piece.empty()) break;
    co_await check->feed(piece);
    co_await out.archive->append(piece);
  }
  out.report = co_await check->finish();
  out.digests = co_await out.archive->seal();
  co_await identify(out, settings->publish.max_json_depth);
  co_return out;
}

Task<Published> publish_staged(Registry& registry, Actor actor, StagedTarball tarball,
                               std::optional<Visibility> access) {
  const Person publisher = co_await person_of(registry, actor.principal);
  const auto package = co_await registry.packages.find(tarball.target.key);
  auto maintainers = package ? maintainers_of(package->owners) : std::vector{publisher};
  const Envelope envelope = envelope_of(tarball);
  const auto depth = registry.settings->publish.max_json_depth;
  auto publication = co_await decode_publication({.name = tarball.target.key.name,
                                                  .envelope = envelope,
                                                  .archive = tarball.digests,
                                                  .report = tarball.report,
                                                  .publisher = publisher,
                                                  .maintainers = std::move(maintainers),
                                                  .max_json_depth = depth});
  publication.scope = tarball.target.scope;
  publication.collision_key = tarball.target.collision_key;
  publication.visibility = access;
  publication.tags = tags_of(package, tarball.version);
  co_return co_await publish(registry, kNpm, std::move(actor), std::move(publication),
                             std::move(tarball.archive));
}

}  // namespace kontor::npm
