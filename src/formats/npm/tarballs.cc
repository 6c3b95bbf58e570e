// GET /:pkg/-/:file. The bytes never pass through here: the answer names a blob and a range of it.
// Row NPM-03.
#include "formats/npm/caching.h"
#include "formats/npm/error_envelope.h"
#include "formats/npm/handler_support.h"
#include "formats/npm/handlers.h"
#include "registry/archive_answer.h"
#include "registry/download_tally.h"
#include "registry/packages.h"
#include "registry/ready_answers.h"

namespace kontor::npm {
namespace {

// "@scope/name-1.0.0.tgz", the slash encoded, is what some publishers call "name-1.0.0.tgz".
std::string without_scope(std::string file, const std::string& package) {
  const auto scope = package.substr(0, package.find('/') + 1);
  return !scope.empty() && file.starts_with(scope) ? file.substr(scope.size()) : file;
}

Task<http::Response> send(Registry& registry, const http::Call& call) {
  const auto key = co_await package_of(call);
  const auto stamp = stamp_of(registry, key);
  const auto file = without_scope(call.params["file"], key.name);
  const auto [package, record] = co_await load_readable_file(registry, call.principal, key, file);
  if (!record) co_return fail(Code::version_not_found, "The package has no file " + file + ".");
  if (record->quarantined)
    co_return std::unexpected(co_await quarantine_of(registry, package, record->version));
  auto response =
      archive_answer(call.request, *record,
                     {.etag = "\"" + record->archive.sha256.hex() + "\"",
                      .type = "application/octet-stream",
                      .repr_digest = "sha-512=:" + record->archive.sha512.base64() + ":",
                      .refuse = error_response});
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
