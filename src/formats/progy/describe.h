#pragma once
// Another description for a course that is published already.
#include "registry/actor.h"
#include "registry/registry.h"

namespace kontor::progy {

// The latest version's, which the marketplace shows; by an owner. One atomic change with its audit
// row, tried again where others were faster. not_found where all versions are gone.
Task<AppliedChange> describe(Registry& registry, Actor actor, PackageKey key,
                             std::string description);

}  // namespace kontor::progy
