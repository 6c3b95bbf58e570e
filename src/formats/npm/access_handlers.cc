// Who may see and change a package: owners, visibility, access, collaborators.
#include "formats/npm/handler_support.h"
#include "formats/npm/handlers.h"
#include "formats/npm/manifest.h"
#include "formats/npm/packument.h"
#include "registry/package_changes.h"
#include "registry/packages.h"

namespace kontor::npm {
namespace {

constexpr std::uint64_t kMaxBody = 16 * 1024;

Result<Visibility> visibility_of(const std::string& access) {
  if (access == "public") return Visibility::open;
  if (access == "restricted" || access == "private") return Visibility::restricted;
  return fail(Code::bad_request, "access must be public or restricted.");
}

bool asks_for_two_factor(const Json& body) {
  for (const auto* name : {"publish_requires_tfa", "automation_token_overrides_tfa"})
    if (const auto it = body.find(name); it != body.end() && *it == true) return true;
  return false;
}

}  // namespace

Task<http::Response> get_owners(Service& service, const http::Call& call) {
  const auto key = co_await package_of(call);
  const auto package = co_await load_readable(service.registry, call.principal, key);
  Json list = Json::array();
  for (const auto& person : maintainers_of(package.owners)) list.push_back(to_json(person));
  co_return ok_json(list);
}

Task<http::Response> put_owner(Service& service, const http::Call& call) {
  const auto key = co_await package_of(call);
  const Json body = co_await read_json(call, kMaxBody);
  const auto name = string_member(body, "user");
  if (name.empty()) co_return fail(Code::invalid_json, "The body must be {\"user\": name}.");
  const auto done = co_await add_maintainer(service.registry, actor_of(call), key, name);
  co_return changed(201, key, done.revision);
}

Task<http::Response> delete_owner(Service& service, const http::Call& call) {
  const auto key = co_await package_of(call);
  const auto done =
      co_await remove_maintainer(service.registry, actor_of(call), key, call.params["user"]);
  co_return changed(200, key, done.revision);
}

Task<http::Response> get_visibility(Service& service, const http::Call& call) {
  const auto key = co_await package_of(call);
  const auto package = co_await load_readable(service.registry, call.principal, key);
  co_return ok_json({{"public", package.visibility == Visibility::open}});
}

Task<http::Response> get_access(Service& service, const http::Call& call) {
  const auto key = co_await package_of(call);
  const auto package = co_await load_readable(service.registry, call.principal, key);
  const bool open = package.visibility == Visibility::open;
  co_return ok_json({{"access", open ? "public" : "restricted"}, {"publish_requires_tfa", false}});
}

Task<http::Response> post_access(Service& service, const http::Call& call) {
  const auto key = co_await package_of(call);
  const Json body = co_await read_json(call, kMaxBody);
  if (!body.is_object()) co_return fail(Code::invalid_json);
  if (asks_for_two_factor(body))
    co_return fail(Code::not_implemented,
                   "Two-factor rules for a single package are not supported here; each account "
                   "sets its own with npm profile enable-2fa.");
  if (!body.contains("access")) {  // "mfa=none", which is how it is
    const auto package =
        co_await load_for(service.registry, call.principal, key, Action::manage);
    co_return changed(200, key, package.revision);
  }
  const auto visibility = co_await visibility_of(string_member(body, "access"));
  const auto done = co_await set_visibility(service.registry, actor_of(call), key, visibility);
  co_return changed(200, key, done.revision);
}

Task<http::Response> get_collaborators(Service& service, const http::Call& call) {
  const auto key = co_await package_of(call);
  const auto package = co_await load_readable(service.registry, call.principal, key);
  Json people = Json::object();
  for (const auto& owner : package.owners)
    people[owner.name] = owner.role == OwnerRole::maintainer ? "write" : "read";
  co_return ok_json(people);
}

}  // namespace kontor::npm
