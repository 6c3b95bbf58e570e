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

std::string use_of(LogId log) {
  return std::string(to_string(log)) + " log";
}

Json describe(LogId log, const tlog::NoteKey& key, std::optional<Timestamp> since = std::nullopt) {
  return {{"use", use_of(log)},
          {"id", tlog::print_vkey(key)},
          {"active", !since},
          {"expires", since ? Json(rfc3339(*since)) : Json()}};
}

Task<http::Response> get_keys(KeyService& service, const http::Call&) {
  Json keys = Json::array();
  for (const auto& key : co_await service.releases.release_keys()) keys.push_back(describe(key));
  for (const LogId log : kLogs) {
    for (const auto& key : co_await service.logs.log_keys(log)) keys.push_back(describe(log, key));
    for (const auto& [key, since] : co_await service.keeper.retired_log_keys(log))
      keys.push_back(describe(log, key, since));
  }
  co_return private_json(200, {{"keys", std::move(keys)}});
}

// What a request names: a log, or else the releases.
Task<std::optional<LogId>> log_of(const http::Call& call) {
  const Json body = co_await read_json_object(call.request.body);
  const auto use = (co_await text_field(body, "use")).value_or("releases");
  if (use == "releases") co_return std::nullopt;
  for (const LogId log : kLogs)
    if (use == use_of(log)) co_return log;
  co_return fail(Code::bad_request,
                 "Keys have the use releases, public log, private log or audit log.");
}

// In the audit trail and in the log, after the keys have changed.
Task<> tell(KeyService& service, Actor actor, const char* action, std::vector<RegistryKey> keys) {
  const auto trail = trail_of(service.registry, actor, action, keys.at(0).use, keys.at(0).id);
  co_await service.registry.packages.add_audit(trail.at, trail.audit);
  co_await tell_keys(service.log, trail.at, std::move(keys));
  co_return {};
}

Task<Json> rotate_release_key(KeyService& service, Actor actor) {
  const ReleaseKey key = co_await service.releases.rotate_release_key();
  std::vector<RegistryKey> keys;
  for (const auto& each : co_await service.releases.release_keys())
    keys.push_back(registry_key(each));
  co_await tell(service, std::move(actor), "rotate_key", std::move(keys));
  co_return describe(key);
}

// {use?}
Task<http::Response> post_rotation(KeyService& service, const http::Call& call) {
  const auto log = co_await log_of(call);
  if (!log) co_return private_json(200, co_await rotate_release_key(service, actor_of(call)));
  const auto key = co_await service.keeper.rotate_log_key(*log);
  co_await tell(service, actor_of(call), "rotate_key", {registry_key(*log, key)});
  co_return private_json(200, describe(*log, key));
}

// {use}
Task<http::Response> post_retirement(KeyService& service, const http::Call& call) {
  const auto log = co_await log_of(call);
  if (!log)
    co_return fail(Code::bad_request, "Name a log: its old keys sign until they are retired.");
  std::vector<RegistryKey> ended;
  Json keys = Json::array();
  for (const auto& [key, since] : co_await service.keeper.retire_log_keys(*log)) {
    ended.push_back(registry_key(*log, key, since));
    keys.push_back(describe(*log, key, since));
  }
  co_await tell(service, actor_of(call), "retire_keys", std::move(ended));
  co_return private_json(200, {{"keys", std::move(keys)}});
}

constexpr std::array kRoutes = {
    Entry{{Method::get, "/-/kontor/v1/keys", Access::admin,
           "The public sides of all signing keys, also of those that have expired."},
          get_keys},
    Entry{{Method::post, "/-/kontor/v1/keys/rotate", Access::admin,
           "Makes a new key: for versions in place of the one before, for a log beside it."},
          post_rotation},
    Entry{{Method::post, "/-/kontor/v1/keys/retire", Access::admin,
           "Lets all keys of a log but the newest sign no more."},
          post_retirement},
};

}  // namespace

std::span<const RouteEntry<KeyService>> key_routes() {
  return kRoutes;
}

}  // namespace kontor
