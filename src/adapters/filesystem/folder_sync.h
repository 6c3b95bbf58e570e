#pragma once
// Many folders synced at once: a disk makes one flush of those that are asked for together, and one
// for each where they come one after the other.
#include "adapters/filesystem/files.h"
#include "ports/loop.h"

#include <string>
#include <vector>

namespace kontor::fs {

// Returns when all are synced, with the first failure where there is one. The caller's thread does
// its part, so that workers that are busy or refuse cost time alone; it may be one of them.
Result<void> sync_folders(std::vector<std::string> folders, Workers& workers);

}  // namespace kontor::fs
