// GET /:pkg/-/:file. The bytes never pass through here: the answer names a blob and a range of it.
// Row NPM-03.
#include "formats/npm/caching.h"
#include "formats/npm/error_envelope.h"
#include "formats/npm/handler_support.h"
#include "formats/npm/handlers.h"
#include "http/conditional.h"
#include "registry/download_tally.h"
#include "registry/packages.h"
#include "registry/ready_answers.h"

namespace kontor::npm {
namespace {

void describe(http::Response& response, const ArchiveRecord& record, const std::string& etag) {
  response.set("etag", etag);
  response.set("last-modified", http_date(record.published));
  response.set("accept-ranges", "bytes");
  response.set("repr-digest", "sha-512=:" + record.archive.sha512.base64() + ":");  // RFC 9530
}

http::Response unsatisfiable(std::uint64_t size) {
  auto response =
      error_response({Code::invalid_range, "The file has " + std::to_string(size) + " bytes.", {}});
  response.set("content-range", "bytes */" + std::to_string(size));
  return response;
}

// 200, 206, 304 or 416.
http::Response answer(const http::Request& request, const ArchiveRecord& record) {
  const std::string etag = "\"" + record.archive.sha256.hex() + "\"";
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
  if (!range) return unsatisfiable(size);
  const http::ByteRange part = range->value_or(http::ByteRange{0, size});
  if (*range) {
    response.status = 206;
    response.set("content-range", "bytes " + std::to_string(part.offset) + "-" +
                                      std::to_string(part.offset + part.length - 1) + "/" +
                                      std::to_string(size));
  }
  response.set("content-type", "application/octet-stream");
  response.body = http::BlobBody{record.archive.sha256, part.offset, part.length};
  return response;
}

// The first bytes of a file were asked for: a download, however many requests it takes.
bool begins_download(const http::Request& request, const http::Response& response) {
  const auto* blob = std::get_if<http::BlobBody>(&response.body);
  return request.method == http::Method::get && blob && blob->offset == 0;
}

// "@scope/name-1.0.0.tgz", the slash encoded, is what some publishers call "name-1.0.0.tgz".
std::string without_scope(std::string file, const std::string& package) {
  const auto scope = package.substr(0, package.find('/') + 1);
  return !scope.empty() && file.starts_with(scope) ? file.substr(scope.size()) : file;
}

Task<http::Response> send(Registry& registry, const http::Call& call) {
  const auto key = co_await package_of(call);
  const auto stamp = stamp_of(registry, key);
  const auto package = co_await load_readable(registry, call.principal, key);
  const auto file = without_scope(call.params["file"], key.name);
  const auto record = co_await registry.packages.find_archive(package.id, file);
  if (!record) co_return fail(Code::version_not_found, "The package has no file " + file + ".");
  if (record->quarantined)
    co_return std::unexpected(co_await quarantine_of(registry, package, record->version));
  http::Response response = answer(call.request, *record);
  cache_archive(response, package.visibility, *registry.settings);
  keep_answer(registry, call, stamp, package, {record->published, record->version}, response);
  if (begins_download(call.request, response)) {
    registry.downloads.count(key, record->version, day_of(registry.clock.now()));
    registry.observer.downloaded("npm", http::body_length(response.body));
  }
  co_return response;
}

}  // namespace

Task<http::Response> get_tarball(Service& service, const http::Call& call) {
  return send(service.registry, call);
}

// /@scope/name/-/@scope/name-1.0.0.tgz, as some publishers write it; one scope, stated twice.
Task<http::Response> get_scoped_tarball(Service& service, const http::Call& call) {
  if (!call.params["pkg"].starts_with(call.params["scope"] + "/")) co_return fail(Code::not_found);
  co_return co_await send(service.registry, call);
}

}  // namespace kontor::npm
