#pragma once
// What changes of accounts leave behind, made in one place so that all use cases spell it alike.
#include "registry/actor.h"
#include "registry/registry.h"

#include <string>

namespace kontor {

// One row of the audit trail, for the command that makes the change. No part may hold a secret.
Trail trail_of(const Registry& registry, const Actor& actor, std::string action, std::string target,
               std::string detail = {});

}  // namespace kontor
