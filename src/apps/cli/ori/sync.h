#pragma once
// Bringing a project to what its manifest says: lock, cache, and .ori/deps, where the language
// looks for packages.
#include "apps/cli/ori/supply.h"

#include <string>
#include <vector>

namespace kontor::cli::ori {

// A package whose version in the lock becomes another; empty: it is not there.
struct LockChange {
  std::string name;
  std::string from;
  std::string to;
};

struct Synced {
  Graph graph;
  Lock lock;
  std::vector<LockChange> changes;
  std::vector<std::string> fetched;  // "@scope/name@version"
};

// Finds out what is needed and has all of it in the cache, proved; nothing of the project changes.
// Warns of what is deprecated, yanked or has advisories. Errors are those of resolve() and
// Supply::obtain(), and version_not_found for a yanked version that is not locked already.
Result<Synced> prepare(Desk& desk, const Project& project, Supply& supply);

// Links the packages, writes the lock, then the manifest, each where it changes. What fails half
// way is made good by the next sync.
Result<void> apply(const Project& project, Supply& supply, const Synced& synced);

// "+ @acme/tool 1.0.0" for each change, or one sentence that there is none.
std::string words_of(const Synced& synced);
Json json_of(const Synced& synced);

}  // namespace kontor::cli::ori
