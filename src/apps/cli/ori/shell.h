#pragma once
// A command of the project's own, as its author wrote it.
#include "base/error.h"

#include <string>

namespace kontor::cli::ori {

// Runs it by /bin/sh in a folder (empty: this one) and waits; what it prints goes to standard
// error. Gives its status, or 128 and the signal that ended it. unavailable where it cannot be
// started.
Result<int> run_in_shell(const std::string& command, const std::string& folder);

}  // namespace kontor::cli::ori
