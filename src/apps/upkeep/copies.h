#pragma once
// Copying files for backups and restores.
#include "base/digest.h"
#include "base/error.h"

#include <string>

namespace kontor::upkeep {

// SHA-256 of a file; not_found where there is none.
Result<Sha256> digest_of_file(const std::string& path);

enum class Durable { at_once, later };  // later: the caller syncs the whole file system
// Copies into a new file and yields the digest of what was copied; after a failure no file is left.
Result<Sha256> copy_file(const std::string& from, const std::string& to, Durable durable);

// Every change of the file system that `folder` is on is on disk when this succeeds.
Result<void> sync_file_system(const std::string& folder);

}  // namespace kontor::upkeep
