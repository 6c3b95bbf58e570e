#pragma once
// The advisories that affect packages, for every command that shows packages.
#include "apps/cli/ori/registry.h"

#include <string>

namespace kontor::cli::ori {

// Warns where advisories affect the version that this is the metadata of.
void warn_of_advisories(Desk& desk, const std::string& package, const Json& metadata);

// Asks about [{"name", "version"}, ...], however many. Yields those that are affected:
// [{"name", "version", "advisories": [{"id", "severity", "summary", "fixed", ...}]}].
Result<Json> affected_among(Registry& registry, const Json& packages);

// "2.0.0, 1.0.0 (ORI-SA-2026-0001)" of the registry's list of versions; "none" where it is empty.
std::string versions_of(const Json& list);

}  // namespace kontor::cli::ori
