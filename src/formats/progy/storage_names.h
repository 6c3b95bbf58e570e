#pragma once
// What stores call artifacts: `packages/@user/slug/v<version>.progy`. Rows STO-08, D-07. What
// cannot be named is told to the observer; it is served all the same.
#include "formats/progy/service.h"
#include "ports/package_records.h"

#include <string>
#include <vector>

namespace kontor::progy {

std::string storage_key(std::string_view package, std::string_view version);

// After a publish or a replacement: `user` published it.
Task<> name_artifact(Service& service, VersionName what, Sha256 artifact, UserId user);

// The versions of a course, asked before they are removed, and their names taken afterwards.
Task<std::vector<std::string>> versions_of(Registry& registry, PackageKey key);
Task<> unname_artifacts(Service& service, std::string package, std::vector<std::string> versions);

// After a course got the name `to`.
Task<> rename_artifacts(Service& service, std::string from, std::string to);

// All versions of the courses that were changed so lately: what a crash or a store that was away
// kept from its name. What is named already costs one look.
Task<> name_recent(Service& service, Duration age);

}  // namespace kontor::progy
