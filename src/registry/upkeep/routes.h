#pragma once
// Looking after a running registry from outside.
#include "registry/gateway.h"
#include "registry/upkeep/ports.h"

#include <span>

namespace kontor {

struct UpkeepService {
  Registry& registry;
  UpkeepPorts ports;
};

std::span<const RouteEntry<UpkeepService>> upkeep_routes();

}  // namespace kontor
