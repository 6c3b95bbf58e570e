#pragma once
// The Progy registry: courses as artifacts. Source sections 4 and 9.
#include "formats/progy/error_envelope.h"
#include "formats/progy/service.h"
#include "registry/gateway.h"

#include <span>

namespace kontor::progy {

std::span<const RouteEntry<Service>> routes();

}  // namespace kontor::progy
