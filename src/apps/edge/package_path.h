#pragma once
// The package that a path of npm's routes names, found without the routes and before a request is
// admitted. What names none, or looks like it, does no harm: nothing is decided by this.
#include <span>
#include <string>
#include <vector>

namespace kontor::edge {

// What is below one of the prefixes, or all of it.
std::span<const std::string> below_prefix(std::span<const std::string> segments,
                                          const std::vector<std::string>& prefixes);

struct PackagePath {
  std::string package;  // empty: a list, or something else
  std::string file;     // of "<package>/-/<file>"
  bool alone = false;   // nothing follows the package
};

// "/name", "/@scope/name", "/@scope%2fname", "/cdn/<name>/-/<file>", "/-/package/<name>/...".
PackagePath package_path(std::span<const std::string> segments);

}  // namespace kontor::edge
