// GET …/{version}/download. The bytes never pass through here: the answer names a blob and a range
// of it. Rows ORI-07, STO-07.
#include "base/sha256.h"
#include "formats/ori/error_envelope.h"
#include "formats/ori/handler_support.h"
#include "formats/ori/handlers.h"
#include "formats/ori/records.h"
#include "http/conditional.h"
#include "registry/download_tally.h"
#include "registry/packages.h"

namespace kontor::ori {
namespace {

void cache_archive(http::Response& response, Visibility visibility, const Settings& settings) {
  const bool shared = visibility == Visibility::open && settings.policy.anonymous_read;
  response.set("cache-control", visibility == Visibility::restricted ? "private, no-store"
                                : shared ? "public, max-age=31536000, immutable"
                                         : "private, max-age=31536000, immutable");
}

std::string range_text(const http::ByteRange& part, std::uint64_t size) {
  return "bytes " + std::to_string(part.offset) + "-" +
         std::to_string(part.offset + part.length - 1) + "/" + std::to_string(size);
}

void describe(http::Response& response, const ArchiveRecord& record, const std::string& etag) {
  response.set("etag", etag);
  response.set("last-modified", http_date(record.published));
  response.set("accept-ranges", "bytes");
  response.set("repr-digest", "sha-256=:" + record.archive.sha256.base64() + ":");  // RFC 9530
}

// 200, 206, 304 or 416.
http::Response answer(const http::Request& request, const ArchiveRecord& record) {
  const std::string etag = "\"sha256-" + record.archive.sha256.hex() + "\"";
  http::Response response;
  describe(response, record, etag);
  if (http::not_modified(request.header("if-none-match"), request.header("if-modified-since"), etag,
                         record.published)) {
    response.status = 304;
    return response;
  }
  const auto size = record.archive.size;
  const bool get = request.method == http::Method::get;
  const auto range = http::choose_range(get ? request.header("range") : std::string_view(),
                                        request.header("if-range"), etag, record.published, size);
  if (!range) {
    auto refused = error_response(
        {Code::invalid_range, "The file has " + std::to_string(size) + " bytes.", {}});
    refused.set("content-range", "bytes */" + std::to_string(size));
    return refused;
  }
  const http::ByteRange part = range->value_or(http::ByteRange{0, size});
  if (*range) {
    response.status = 206;
    response.set("content-range", range_text(part, size));
  } else {
    response.set("content-digest", std::string(response.header("repr-digest")));
  }
  response.set("content-type", "application/gzip");
  response.body = http::BlobBody{record.archive.sha256, part.offset, part.length};
  return response;
}

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
  http::Response response = answer(call.request, *record);
  if (response.status < 400) cache_archive(response, package.visibility, *registry.settings);
  const auto* blob = std::get_if<http::BlobBody>(&response.body);
  if (call.request.method == http::Method::get && blob && blob->offset == 0) {
    registry.downloads.count(what.key, what.version, day_of(registry.clock.now()));
    registry.observer.downloaded("ori", http::body_length(response.body));
  }
  co_return response;
}

}  // namespace kontor::ori
