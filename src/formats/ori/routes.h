#pragma once
// The Ori registry API, version 1.
#include "formats/ori/error_envelope.h"
#include "formats/ori/service.h"
#include "registry/gateway.h"

#include <span>

namespace kontor::ori {

std::span<const RouteEntry<Service>> routes();

// Limits by row RL-01: the names of the settings, shown on every answer.
inline constexpr http::RateGroups kRates{.anonymous_read = "oriAnonymous",
                                         .anonymous_write = "oriAnonymous",
                                         .read = "ori",
                                         .write = "ori",
                                         .shown = true};

}  // namespace kontor::ori
