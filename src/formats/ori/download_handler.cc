// GET …/{version}/download. The bytes never pass through here: the answer names a blob and a range
// of it. Rows ORI-07, STO-07.
#include "base/sha256.h"
#include "formats/ori/error_envelope.h"
#include "formats/ori/handler_support.h"
#include "formats/ori/handlers.h"
#include "formats/ori/records.h"
#include "registry/archive_answer.h"
#include "registry/download_tally.h"
#include "registry/packages.h"
#include "registry/ready_answers.h"

namespace kontor::ori {
namespace {

// Whether the stored bytes still are what they are named by (`?verify=1`).
Task<> verify(Registry& registry, ArchiveRecord record) {
  const auto bytes = co_await registry.blobs.read(record.archive.sha256, 0, record.archive.size);
  if (bytes.size() != record.archive.size || sha256(bytes) != record.archive.sha256)
    co_return fail(Code::storage_failed, "The stored archive is damaged.",
                   "blob " + record.archive.sha256.hex() + " has other bytes than its name says");
  co_return {};
}

// Sends the client to where the CDN has the archive. Not for caches: a removal ends it at once.
http::Response at_cdn(const std::string& cdn, const Sha256& digest) {
  http::Response response;
  response.status = 302;
  response.set("location", cdn + "/" + ori_archive_path(digest));
  response.set("etag", "\"sha256-" + digest.hex() + "\"");
  response.set("cache-control", "no-cache");
  return response;
}

bool is_public(const PackageRecord& package, const Settings& settings) {
  return package.visibility == Visibility::open && settings.policy.anonymous_read;
}

}  // namespace

Task<http::Response> download(Service& service, const http::Call& call) {
  Registry& registry = service.registry;
  const auto what = co_await version_of(call);
  const auto stamp = stamp_of(registry, what.key);
  const auto package = co_await load_readable(registry, call.principal, what.key);
  const auto file = archive_file_name(what.key.name, what.version);
  const auto record = co_await registry.packages.find_archive(package.id, file);
  if (!record) co_return fail(Code::version_not_found);
  if (!is_served(record->standing)) co_return fail(Code::version_removed);
  if (record->quarantined) co_return fail(Code::quarantined);
  const bool verified = query_flag(call.request, "verify");
  if (verified) co_await verify(registry, *record);
  const auto& sha256 = record->archive.sha256;
  auto response = archive_answer(call.request, *record,
                                 {.etag = "\"sha256-" + sha256.hex() + "\"",
                                  .type = "application/gzip",
                                  .repr_digest = "sha-256=:" + sha256.base64() + ":",
                                  .refuse = error_response});
  if (response.status == 200)
    response.set("content-digest", std::string(response.header("repr-digest")));
  if (response.status == 200 || response.status == 206)
    response.set("content-disposition", "attachment; filename=\"" + file + "\"");
  if (response.status < 400) cache_archive(response, package.visibility, *registry.settings);
  const bool begins = begins_download(call.request, response);
  if (begins) registry.downloads.count(what.key, what.version, day_of(registry.clock.now()));
  const auto& cdn = registry.settings->read.ori_cdn;
  const bool has_body = std::holds_alternative<http::BlobBody>(response.body);
  if (has_body && !cdn.empty() && !verified && is_public(package, *registry.settings))
    co_return at_cdn(cdn, sha256);
  keep_answer(registry, call, stamp, package, {record->published, record->version}, response);
  if (begins) registry.observer.downloaded("ori", http::body_length(response.body));
  co_return response;
}

}  // namespace kontor::ori
