// The audit trail of accounts.
#include "registry/audit.h"

#include "registry/log/log_notes.h"

namespace kontor {

Trail trail_of(const Registry& registry, const Actor& actor, std::string action, std::string target,
               std::string detail) {
  Trail trail{.at = registry.clock.now(), .audit = {}, .log = {}, .by = log_author(actor)};
  trail.audit.push_back({actor.principal.name, actor.principal.token_key, actor.principal.address,
                         std::move(action), std::move(target), std::move(detail),
                         actor.request_id});
  return trail;
}

}  // namespace kontor
