#pragma once
// Rows of the audit trail that use cases write beside changes of accounts.
#include "base/task.h"
#include "registry/actor.h"
#include "registry/registry.h"

#include <string>

namespace kontor {

// Writes one row. Never fails: the change it tells of is durable already, so an error goes to the
// observer and the request succeeds. No part may hold a secret.
Task<> record(Registry& registry, Actor actor, std::string action, std::string target,
              std::string detail);

}  // namespace kontor
