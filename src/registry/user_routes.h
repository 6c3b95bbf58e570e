#pragma once
// Administration of users over HTTP, for the command line and scripts: plain JSON, the same on
// every host, outside of any package format.
#include "registry/gateway.h"

#include <span>

namespace kontor {

// Errors are rendered by error_body().
std::span<const RouteEntry<Registry>> user_routes();

}  // namespace kontor
