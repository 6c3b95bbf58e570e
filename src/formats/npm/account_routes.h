#pragma once
// npm's routes about accounts (rows NPM-09, NPM-10): login, logout, identity, tokens, profile.
#include "formats/npm/service.h"
#include "registry/gateway.h"

#include <span>

namespace kontor::npm {

std::span<const RouteEntry<Service>> account_routes();

}  // namespace kontor::npm
