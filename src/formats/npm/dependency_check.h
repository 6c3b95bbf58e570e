#pragma once
// Whether two manifests of one version ask for the same dependencies.
#include "base/json.h"

#include <optional>
#include <string>

namespace kontor::npm {

// A member in which two manifests differ; the values are absent or JSON text.
struct Difference {
  std::string field;
  std::string packed;
  std::string published;
};

// Compares dependencies, optionalDependencies, devDependencies, peerDependencies,
// peerDependenciesMeta and bundled dependencies of the package.json in a tarball (`packed`) with
// those of the published version object, allowing what clients rewrite on the way:
//   - a name in two of the first three kinds may be left in one of them (npm, yarn 1) or stand in
//     dependencies as well (npm up to 6);
//   - git references may be spelled differently; white space around values does not count;
//   - bundledDependencies may be bundleDependencies; `true` and an object mean a list of names.
std::optional<Difference> find_dependency_difference(const Json& packed, const Json& published);

}  // namespace kontor::npm
