#pragma once
// The advisories about versions that are here, for the documents of every format.
#include "domain/advisory/advisory_policy.h"
#include "registry/registry.h"

namespace kontor {

// None, without a query, for a package that no advisory affects. storage_failed.
Task<Findings> findings_about(Registry& registry, PackageRecord package);

}  // namespace kontor
