#pragma once
// Small files that are read at once.
#include "adapters/filesystem/files.h"

#include <cstddef>
#include <string>

namespace kontor::fs {

// From where the file stands to its end; too_large where there is more than `most`.
Result<std::string> read_all(const Fd& file, std::size_t most);
// not_found where absent.
Result<std::string> read_file(const std::string& path, std::size_t most);

}  // namespace kontor::fs
