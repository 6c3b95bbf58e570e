#pragma once
// OSV's events as ranges of npm's clients. A client that tests a version against them by
// node-semver, prereleases included, finds the verdict of is_affected(). Row ADV-05.
#include "domain/advisory/affected.h"

namespace kontor::npm {

// npm's order of versions, as loose as its clients read them. Format::order.
std::optional<std::weak_ordering> version_order(std::string_view a, std::string_view b);

// ">=1.0.0 <1.2.3 || 2.0.0"; "*" where every version is affected. Empty where none is.
std::string vulnerable_range(std::span<const Affected> affected);

// The versions from the first fix on, without those affected again; "<0.0.0" where there are none.
std::string patched_range(std::span<const Affected> affected);

}  // namespace kontor::npm
