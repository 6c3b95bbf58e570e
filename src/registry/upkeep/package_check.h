#pragma once
// The check of one package: its rows against each other, against the blobs, and against what is
// derived from them.
#include "base/task.h"
#include "registry/upkeep/fault.h"
#include "registry/upkeep/ports.h"

#include <vector>

namespace kontor {

struct PackageFindings {
  std::uint64_t versions = 0;
  std::uint64_t bytes = 0;  // of archives, hashed
  std::vector<Fault> faults;
  std::optional<PackageChange> repair;  // makes what is stale anew
};

// `listed` is the package as list() showed it, `after` the name that list() was asked to begin
// after. With `rebuild` everything derived is made anew, stale or not. Judges one state of the
// package, also while others change it. Costs reading every archive once.
Task<PackageFindings> check_package(UpkeepPorts ports, const Format& format, PackageListing listed,
                                    std::string after, bool rebuild);

}  // namespace kontor
