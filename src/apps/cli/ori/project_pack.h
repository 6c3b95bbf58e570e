#pragma once
// The files of a project that are published.
#include "apps/cli/ori/package_archive.h"

#include <string>
#include <string_view>

namespace kontor::cli::ori {

// oripk.toml without scripts, oripk.lock where there is one, src/, and what [publish] include
// names, without what [publish] exclude names. Patterns are paths in which * stands for any
// characters of a name and ** for any of a path; a folder's name stands for all below it.
// bad_request for a link or another special file among them; too_large over the limits of archives.
Result<Files> files_to_publish(const Project& project);

bool matches(std::string_view pattern, std::string_view path);

}  // namespace kontor::cli::ori
