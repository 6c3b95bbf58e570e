#pragma once
// From a course's name to the release that init or update takes. Row PGC-04.
#include "apps/cli/progy/cache.h"
#include "apps/cli/progy/registry_api.h"

namespace kontor::cli::progy {

// What the registry would give; where it cannot be reached, what the cache has, with a warning.
Outcome<Release> find_release(Desk& desk, RegistryApi& api, Cache& cache, const CourseSpec& spec);

}  // namespace kontor::cli::progy
