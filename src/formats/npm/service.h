#pragma once
// What npm's handlers work on.
#include "registry/registry.h"

namespace kontor::npm {

struct Service {
  Registry& registry;
};

}  // namespace kontor::npm
