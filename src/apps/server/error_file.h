#pragma once
// The remembered failures as a file of the data directory, so that they outlive the process that
// failed. What was added in the last seconds before a crash is in the log alone.
#include "domain/error_groups.h"

#include <string>
#include <vector>

namespace kontor {

// Nothing where there is no such file or it cannot be read: it is only a memory.
std::vector<ErrorGroup> read_error_file(const std::string& path);
// Replaces it whole.
Result<void> write_error_file(const std::string& path, const std::vector<ErrorGroup>& groups);

}  // namespace kontor
