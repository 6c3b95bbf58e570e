#pragma once
// A server asks its own endpoints, as a client would, and keeps what it found (row HLT-01).
#include "ports/health_log.h"
#include "registry/gateway.h"

#include <string>
#include <vector>

namespace kontor {

// Asks each target by an anonymous GET through the whole way of a request, one after the other, and
// adds the round to the log; fails where an endpoint answered 500 or more, with a cause that names
// it. For a host to call every half minute. A round that never ends (a store that hangs) adds
// nothing, which shows by the age of the newest round.
Task<> check_own_endpoints(Registry& registry, Gateway& gateway, HealthLog& log,
                           std::vector<std::string> targets);

}  // namespace kontor
