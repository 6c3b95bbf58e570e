#pragma once
// "@scope/name" or "@scope/name:version", as commands take packages.
#include "base/error.h"

#include <string>

namespace kontor::cli::ori {

struct PackageSpec {
  std::string name;
  std::string version;  // empty: none was given
};

// invalid_name or invalid_version with the rule that is broken.
Result<PackageSpec> parse_spec(const std::string& text);

}  // namespace kontor::cli::ori
