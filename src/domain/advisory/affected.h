#pragma once
// Whether a version is affected, as OSV defines it, under an ecosystem's own order of versions.
#include "domain/advisory/osv.h"

#include <compare>

namespace kontor {

// Which of two versions comes first; nothing where either is no version of the ecosystem.
using VersionOrder = std::optional<std::weak_ordering> (*)(std::string_view a, std::string_view b);

// The events of a range in order of versions, those of one version as written. Nothing where a
// version cannot be ordered, or in a range of commits.
std::optional<std::vector<OsvEvent>> ordered_events(const OsvRange& range, VersionOrder order);

// Listed, or inside any range. A version that cannot be ordered is affected only if listed.
bool is_affected(std::span<const Affected> affected, std::string_view version, VersionOrder order);

// The lowest version above this one which a range names as fixed and which is not affected itself.
std::optional<std::string> fixed_version(std::span<const Affected> affected,
                                         std::string_view version, VersionOrder order);

// Names the first event or version that the ecosystem cannot order, as a path below `affected`.
std::optional<std::string> unordered_version(std::span<const Affected> affected,
                                             VersionOrder order);

}  // namespace kontor
