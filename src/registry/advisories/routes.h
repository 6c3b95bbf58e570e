#pragma once
// The advisory API below /v1/advisories, the same for all formats. Rows ADV-02, ADV-03.
#include "registry/gateway.h"

#include <span>

namespace kontor {

std::span<const RouteEntry<Registry>> advisory_routes();

}  // namespace kontor
