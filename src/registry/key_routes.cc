// Each key by the id that clients know it by: a log's by its verifier key.
#include "registry/key_routes.h"

#include "registry/audit.h"
#include "registry/json_body.h"
#include "registry/log/log_facts.h"

#include <array>

namespace kontor {
namespace {

using http::Access;
using http::Method;
using Entry = RouteEntry<KeyService>;

Json describe(const ReleaseKey& key) {
  return {{"use", "releases"},
          {"id", key.id},
          {"active", !key.expires},
          {"expires", key.expires ? Json(rfc3339(*key.expires)) : Json()}};
}

Json describe(LogId log, const tlog::NoteKey& key) {
  return {{"use", std::string(to_string(log)) + " log"},
          {"id", tlog::print_vkey(key)},
          {"active", true},
          {"expires", nullptr}};
}

Task<http::Response> get_keys(KeyService& service, const http::Call&) {
  Json keys = Json::array();
  for (const auto& key : co_await service.releases.release_keys()) keys.push_back(describe(key));
  for (const LogId log : kLogs)
    for (const auto& key : co_await service.logs.log_keys(log)) keys.push_back(describe(log, key));
  co_return private_json(200, {{"keys", std::move(keys)}});
}

// {use?}
Task<http::Response> post_rotation(KeyService& service, const http::Call& call) {
  const Json body = co_await read_json_object(call.request.body);
  const auto use = (co_await text_field(body, "use")).value_or("releases");
  if (use != "releases")
    co_return fail(Code::bad_request, "Only the key of releases can be rotated.");
  const ReleaseKey key = co_await service.releases.rotate_release_key();
  const auto trail = trail_of(service.registry, {call.principal, std::string(call.request.id)},
                              "rotate_key", use, key.id);
  co_await service.registry.packages.add_audit(trail.at, trail.audit);
  std::vector<RegistryKey> keys;
  for (const auto& each : co_await service.releases.release_keys())
    keys.push_back(registry_key(each));
  co_await tell_keys(service.log, trail.at, std::move(keys));
  co_return private_json(200, describe(key));
}

constexpr std::array kRoutes = {
    Entry{{Method::get, "/-/kontor/v1/keys", Access::admin,
           "The public sides of all signing keys, also of those that have expired."},
          get_keys},
    Entry{{Method::post, "/-/kontor/v1/keys/rotate", Access::admin,
           "Makes a new key for signing versions and lets the one before expire."},
          post_rotation},
};

}  // namespace

std::span<const RouteEntry<KeyService>> key_routes() {
  return kRoutes;
}

}  // namespace kontor
