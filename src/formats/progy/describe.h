#pragma once
// Other words about a course that is published already.
#include "registry/actor.h"
#include "registry/registry.h"

#include <optional>
#include <string>

namespace kontor::progy {

// What stays as it is where nothing stands.
struct Words {
  std::optional<std::string> description;
  std::optional<std::string> status;  // records.h; empty: the one that the visibility says
};

// Those of the latest version, which the marketplace shows, until a newer one is published; by an
// owner. One atomic change with its audit rows, tried again where others were faster. not_found
// where all versions are gone.
Task<AppliedChange> describe(Registry& registry, Actor actor, PackageKey key, Words words);

}  // namespace kontor::progy
