// Decode, call the use case, encode.
#include "registry/upkeep/routes.h"

#include "registry/audit.h"
#include "registry/json_body.h"
#include "registry/upkeep/collect.h"

#include <array>

namespace kontor {
namespace {

using http::Access;
using http::Method;
using Entry = RouteEntry<UpkeepService>;

constexpr std::int64_t kLongestGrace = 10 * 366 * 86'400;  // seconds

Result<Duration> grace_in(const Json& body, Duration otherwise) {
  const Json* field = find_field(body, "grace_seconds");
  if (!field) return otherwise;
  if (!field->is_number_unsigned() || field->get<std::uint64_t>() > kLongestGrace)
    return fail(Code::invalid_json, "The field grace_seconds must be a number of seconds.");
  return seconds(field->get<std::int64_t>());
}

// {dry_run?, grace_seconds?}
Task<http::Response> post_gc(UpkeepService& service, const http::Call& call) {
  const Json body = co_await read_json_object(call.request.body);
  CollectOptions options;
  options.dry_run = (co_await flag_field(body, "dry_run")).value_or(false);
  options.grace = co_await grace_in(body, service.registry.settings->orphan_grace);
  const auto done = co_await collect_orphans(service.ports, options);
  if (done.removed > 0) {
    const auto trail = trail_of(service.registry, actor_of(call), "gc", "blobs",
                                std::to_string(done.removed) + " orphans, " +
                                    std::to_string(done.removed_bytes) + " bytes");
    co_await service.registry.packages.add_audit(trail.at, trail.audit);
  }
  co_return private_json(200, {{"dry_run", options.dry_run},
                               {"blobs", done.blobs},
                               {"orphans", done.orphans},
                               {"orphan_bytes", done.orphan_bytes},
                               {"young", done.young},
                               {"removed", done.removed},
                               {"removed_bytes", done.removed_bytes}});
}

constexpr std::array kRoutes = {
    Entry{{Method::post, "/-/kontor/v1/gc", Access::admin,
           "Removes blobs that no version names and that are older than the grace period; may only "
           "count them."},
          post_gc},
};

}  // namespace

std::span<const RouteEntry<UpkeepService>> upkeep_routes() {
  return kRoutes;
}

}  // namespace kontor
