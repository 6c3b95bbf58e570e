#pragma once
// npm's routes about packages. Those about accounts are in account_routes.h and must be asked first
// only where both could match, which no pair does.
#include "formats/npm/service.h"
#include "registry/gateway.h"

#include <span>

namespace kontor::npm {

std::span<const RouteEntry<Service>> package_routes();

// Limits by row RL-04: the names of the settings.
inline constexpr http::RateGroups kRates{.anonymous_read = "npmRead",
                                         .anonymous_write = "npmWrite",
                                         .read = "npmRead",
                                         .write = "npmWrite"};

}  // namespace kontor::npm
