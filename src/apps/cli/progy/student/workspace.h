#pragma once
// What progy remembers in a student's folder: .progy/registry.json names the version that the
// folder was made from, which is the base of the next update. Row PGC-06.
#include "apps/cli/progy/registry_api.h"

#include <string>

namespace kontor::cli::progy {

struct Workspace {
  std::string registry;
  Release release;
};

// not_found where the folder is not one of a course from a registry.
Outcome<Workspace> read_workspace(const std::string& folder);
// Writes .progy/registry.json, and .progy/.gitignore, which keeps unfinished work out of git.
Outcome<void> write_workspace(const std::string& folder, const Workspace& workspace);

inline constexpr const char* kWorkspaceFile = ".progy/registry.json";

}  // namespace kontor::cli::progy
