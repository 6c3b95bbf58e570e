#pragma once
// Asking the person at the keyboard.
#include "apps/cli/ori/desk.h"

#include <string>

namespace kontor::cli::ori {

// One line; nothing is echoed where it is typed on a terminal. bad_request where there is none.
Result<std::string> ask_secret(Desk& desk, const std::string& question);

// True where `yes` was given or the answer is y or yes. conflict where nobody is there to answer:
// input ended, or JSON was asked for.
Result<bool> confirm(Desk& desk, const std::string& question, bool yes);

}  // namespace kontor::cli::ori
