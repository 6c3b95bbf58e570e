#pragma once
// `kontor export-courses`: the courses of a data directory as another Progy registry keeps them.
#include "apps/cli/config_command.h"

namespace kontor::cli {

// Runs while the program parses its arguments. The context must outlive the app.
void add_export_courses_command(CLI::App& program, CommandContext& context);

}  // namespace kontor::cli
