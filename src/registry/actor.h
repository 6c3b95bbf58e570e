#pragma once
// Who does something, as far as permission and the audit trail need to know.
#include "domain/principal.h"
#include "ports/package_store.h"

#include <string>

namespace kontor {

namespace http {
struct Call;
}

struct Actor {
  Principal principal;
  std::string request_id;
};

// Whoever sent a request.
Actor actor_of(const http::Call& call);

// A row of the audit trail about a package; `version` may be empty.
AuditEntry audit_entry(const Actor& actor, std::string action, const PackageKey& key,
                       const std::string& version = {}, std::string detail = {});

}  // namespace kontor
