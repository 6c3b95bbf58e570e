#pragma once
// The searchable face of a version, and npm's callbacks for the shared use cases.
#include "ports/package_records.h"
#include "registry/format.h"

namespace kontor::npm {

// `document` is the "package" object of a search answer without date and maintainers, which are
// known only when it is asked for; it may hold kBaseMark (fragment.h).
SearchEntry make_search_entry(const VersionRecord& version);

extern const Format kNpm;

}  // namespace kontor::npm
