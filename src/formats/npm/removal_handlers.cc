// DELETE of a package and of one tarball. Row NPM-06.
#include "formats/npm/handler_support.h"
#include "formats/npm/handlers.h"
#include "formats/npm/returned_document.h"
#include "formats/npm/search_entry.h"
#include "registry/packages.h"
#include "registry/unpublish.h"

namespace kontor::npm {

Task<http::Response> delete_package(Service& service, const http::Call& call) {
  const auto key = co_await package_of(call);
  const auto package = co_await load_readable(service.registry, call.principal, key);
  co_await check_revision(package, call.params["rev"]);
  const auto done = co_await unpublish_package(service.registry, kNpm, actor_of(call), key,
                                               package.revision);
  co_return changed(200, key, done.revision);
}

// npm asks for this after it has sent the document without the version, which removed the tarball
// with it: then there is nothing left to do.
Task<http::Response> delete_tarball(Service& service, const http::Call& call) {
  Registry& registry = service.registry;
  const auto key = co_await package_of(call);
  const auto package = co_await load_for(registry, call.principal, key, Action::unpublish);
  const auto record = co_await registry.packages.find_archive(package.id, call.params["file"]);
  if (!record) co_return changed(200, key, package.revision);
  co_await check_revision(package, call.params["rev"]);
  const auto done = co_await unpublish_versions(registry, kNpm, actor_of(call), key,
                                                {record->version}, package.revision);
  co_return changed(200, key, done.revision);
}

}  // namespace kontor::npm
