// The owners of a package. Row ORI-10.
#include "formats/ori/handler_support.h"
#include "formats/ori/handlers.h"
#include "registry/json_body.h"
#include "registry/package_changes.h"
#include "registry/packages.h"

namespace kontor::ori {
namespace {

Task<http::Response> owners_of(Registry& registry, Principal who, PackageKey key) {
  const auto package = co_await load_readable(registry, who, key);
  Json owners = Json::array();
  for (const auto& owner : package.owners)
    if (owner.role == OwnerRole::maintainer) owners.push_back(owner.name);
  co_return fresh({{"name", key.name}, {"owners", std::move(owners)}});
}

}  // namespace

Task<http::Response> get_owners(Service& service, const http::Call& call) {
  const auto key = co_await package_of(call);
  co_return co_await owners_of(service.registry, call.principal, key);
}

// {"owners": [names]} replaces all.
Task<http::Response> put_owners(Service& service, const http::Call& call) {
  const auto key = co_await package_of(call);
  const Json body = co_await read_json_object(call.request.body);
  auto names = co_await texts_field(body, "owners");
  co_await set_maintainers(service.registry, actor_of(call), key, std::move(names), std::nullopt);
  co_return co_await owners_of(service.registry, call.principal, key);
}

Task<http::Response> put_owner(Service& service, const http::Call& call) {
  const auto key = co_await package_of(call);
  co_await add_maintainer(service.registry, actor_of(call), key, call.params["user"]);
  co_return co_await owners_of(service.registry, call.principal, key);
}

Task<http::Response> delete_owner(Service& service, const http::Call& call) {
  const auto key = co_await package_of(call);
  co_await remove_maintainer(service.registry, actor_of(call), key, call.params["user"]);
  co_return co_await owners_of(service.registry, call.principal, key);
}

}  // namespace kontor::ori
