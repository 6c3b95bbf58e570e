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

}  // namespace

Task<http::Response> download(Service& service, const http::Call& call) {
  Registry& registry = service.registry;
  const auto what = co_await version_of(call);
  const auto package = co_await load_readable(registry, call.principal, what.key);
  const auto record = co_await registry.packages.find_archive(
      package.id, archive_file_name(what.key.name, what.version));
  if (!record) co_return fail(Code::version_not_found);
  if (!is_served(record->standing)) co_return fail(Code::version_removed);
  if (record->quarantined) co_return fail(Code::quarantined);
  if (query_flag(call.request, "verify")) co_await verify(registry, *record);
  const auto& sha256 = record->archive.sha256;
  auto response = archive_answer(call.request, *record,
                                 {.etag = "\"sha256-" + sha256.hex() + "\"",
                                  .type = "application/gzip",
                                  .repr_digest = "sha-256=:" + sha256.base64() + ":",
                                  .refuse = error_response});
  if (response.status == 200)
    response.set("content-digest", std::string(response.header("repr-digest")));
  if (response.status < 400) cache_archive(response, package.visibility, *registry.settings);
  if (begins_download(call.request, response)) {
    registry.downloads.count(what.key, what.version, day_of(registry.clock.now()));
    registry.observer.downloaded("ori", http::body_length(response.body));
  }
  co_return response;
}

}  // namespace kontor::ori
