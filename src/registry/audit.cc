// The audit trail of accounts.
#include "registry/audit.h"

namespace kontor {

Task<> record(Registry& registry, Actor actor, std::string action, std::string target,
              std::string detail) {
  std::vector<AuditEntry> rows;
  rows.push_back({actor.principal.name, actor.principal.token_key, actor.principal.address,
                  std::move(action), std::move(target), std::move(detail), actor.request_id});
  const auto written =
      co_await whole(registry.packages.add_audit(registry.clock.now(), std::move(rows)));
  if (!written) registry.observer.failed(actor.request_id, written.error());
  co_return {};
}

}  // namespace kontor
