#pragma once
// Courses that are not in the registry yet, from the git repositories they were in before. Row
// PGC-08.
#include "apps/cli/progy/registry_api.h"

#include <string>
#include <vector>

namespace kontor::cli::progy {

struct LegacyCourse {
  std::string name;  // of the map, a slug
  std::string repo, branch, path, description;
};

// The map {name: {repo, branch, path, description}} of the file, else of the variable COURSES, else
// of
// ~/.progy/courses.json, else of the registry. not_found where there is none: the hybrid phase is
// over.
Outcome<std::vector<LegacyCourse>> list_legacy(Desk& desk, RegistryApi& api,
                                               const std::string& file = {});
// `name` as a student types it, with or without a scope.
Outcome<LegacyCourse> find_legacy(Desk& desk, RegistryApi& api, const std::string& name);

// Puts the course's files into `content`, which is there and empty, without the history.
Outcome<void> clone_legacy(Desk& desk, const LegacyCourse& course, const std::string& scratch,
                           const std::string& content);

}  // namespace kontor::cli::progy
