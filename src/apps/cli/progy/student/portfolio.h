#pragma once
// The student's course in a repository of their own on a forge. Row PGC-05.
#include "apps/cli/progy/registry_api.h"

#include <string>

namespace kontor::cli::progy {

struct Portfolio {
  std::string page;  // for people
};

// Has the registry make a private repository, names it origin and pushes main there. The token that
// git pushes with, where the registry gives one, is in git's environment only. Where it fails the
// local repository is as before, but may have its origin.
Outcome<Portfolio> make_portfolio(Desk& desk, RegistryApi& api, const std::string& folder,
                                  const std::string& course);

}  // namespace kontor::cli::progy
