#pragma once
// Courses that are not in the registry yet, from the git repositories they were in before. Row
// PGC-08.
#include "apps/cli/progy/registry_api.h"

#include <string>
#include <vector>

namespace kontor::cli::progy {

struct LegacyCourse {
  std::string name;  // of the registry's map, a slug
  std::string repo, branch, path, description;
};

// The registry's map. not_found where it has none: the hybrid phase is over.
Outcome<std::vector<LegacyCourse>> list_legacy(RegistryApi& api);
// `name` as a student types it, with or without a scope.
Outcome<LegacyCourse> find_legacy(RegistryApi& api, const std::string& name);

// Puts the course's files into `content`, which is there and empty, without the history.
Outcome<void> clone_legacy(Desk& desk, const LegacyCourse& course, const std::string& scratch,
                           const std::string& content);

}  // namespace kontor::cli::progy
