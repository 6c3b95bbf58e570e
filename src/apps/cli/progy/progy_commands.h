#pragma once
// The program `progy`: courses for instructors and students.
#include "apps/cli/config_command.h"

namespace kontor::cli {

// The commands run while `app` parses its arguments. The context must outlive the app.
void add_progy_commands(CLI::App& app, CommandContext& context);

}  // namespace kontor::cli
