#pragma once
// Files of a project: read whole, written whole or not at all.
#include "base/error.h"

#include <cstddef>
#include <string>

namespace kontor::cli::ori {

// not_found where there is none, too_large over `most` bytes.
Result<std::string> read_project_file(const std::string& path, std::size_t most);

// Replaces the file, keeping its mode, or makes it with mode 0644. Durable on success; on failure
// the old file is as it was.
Result<void> write_project_file(const std::string& path, const std::string& text);

// The folder and those above it, with the mode that the process gives new folders.
Result<void> make_folders(const std::string& path);

// Removes a file, link or folder with all that is in it; a link is not followed. Quiet where there
// is none.
Result<void> remove_tree(const std::string& path);

}  // namespace kontor::cli::ori
