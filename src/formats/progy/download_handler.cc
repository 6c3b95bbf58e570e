// GET /registry/download/.../:version. Rows PRG-05, RL-03.
#include "formats/progy/access.h"
#include "formats/progy/error_envelope.h"
#include "formats/progy/handler_support.h"
#include "formats/progy/handlers.h"
#include "formats/progy/limits.h"
#include "formats/progy/names.h"
#include "registry/archive_answer.h"
#include "registry/download_tally.h"

namespace kontor::progy {
namespace {

// Whatever of it is missing, it is the artifact that is not there.
Task<ArchiveRecord> find_artifact(Service& service, const http::Call& call, PackageKey key,
                                  PackageRecord* package) {
  auto found = co_await whole(load_course(service.registry, call, key));
  if (!found && found.error().code == Code::not_found) co_return fail(Code::version_not_found);
  if (!found) co_return std::unexpected(found.error());
  *package = std::move(*found);
  auto record = co_await service.registry.packages.find_archive(
      package->id, artifact_file_name(key.name, call.params["version"]));
  if (!record) co_return fail(Code::version_not_found);
  if (!is_served(record->standing)) co_return fail(Code::version_removed);
  if (record->quarantined) co_return fail(Code::quarantined);
  co_return std::move(*record);
}

// Counted in memory; both are written behind the answers.
void note_download(Registry& registry, const http::Call& call, const PackageKey& key,
                   std::uint64_t bytes) {
  const auto& version = call.params["version"];
  const auto now = registry.clock.now();
  registry.downloads.count(key, version, day_of(now));
  registry.downloads.record(
      {key, version, call.principal.user, std::string(call.request.address), now});
  registry.observer.downloaded("progy", bytes);
}

}  // namespace

Task<http::Response> download(Service& service, const http::Call& call) {
  Registry& registry = service.registry;
  const auto asked = co_await whole(course_of(registry, call));
  if (!asked && asked.error().code == Code::not_found) co_return fail(Code::version_not_found);
  if (!asked) co_return std::unexpected(asked.error());
  PackageRecord package;
  const auto record = co_await find_artifact(service, call, *asked, &package);
  const PackageKey& key = package.key;
  const auto price = co_await price_of_course(service, package.id);
  if (price) {
    const auto demand = co_await find_purchase_demand(*service.purchases, call.principal, package,
                                                      *price, call.base);
    if (demand) co_return purchase_required(key, *demand);
  }
  const auto& sha256 = record.archive.sha256;
  auto response = archive_answer(call.request, record,
                                 {.etag = "\"" + sha256.hex() + "\"",
                                  .type = "application/octet-stream",
                                  .repr_digest = "sha-256=:" + sha256.base64() + ":",
                                  .refuse = error_response});
  if (response.status < 400) {
    const auto seen_by = price ? Visibility::restricted : package.visibility;
    cache_archive(response, seen_by, *registry.settings);
    response.set("x-checksum-sha256", sha256.hex());
    response.set("content-disposition",
                 "attachment; filename=\"" + artifact_file_name(key.name, record.version) + "\"");
  }
  if (begins_download(call.request, response)) {
    co_await take_download(registry, call.request.address);
    note_download(registry, call, key, http::body_length(response.body));
  }
  co_return response;
}

}  // namespace kontor::progy
