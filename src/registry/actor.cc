// Audit rows are made in one place, so that all name their target alike.
#include "registry/actor.h"

#include "http/route.h"

namespace kontor {

Actor actor_of(const http::Call& call) {
  return {call.principal, std::string(call.request.id)};
}

AuditEntry audit_entry(const Actor& actor, std::string action, const PackageKey& key,
                       const std::string& version, std::string detail) {
  std::string target = std::string(to_string(key.format)) + ":" + key.name;
  if (!version.empty()) target += "@" + version;
  return {actor.principal.name, actor.principal.token_key, actor.principal.address,
          std::move(action),    std::move(target),         std::move(detail),
          actor.request_id};
}

}  // namespace kontor
