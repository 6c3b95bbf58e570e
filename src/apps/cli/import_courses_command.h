#pragma once
// `kontor import-courses`: takes the courses of another Progy registry over.
#include "apps/cli/config_command.h"

namespace kontor::cli {

// The context must outlive the app.
void add_import_courses_command(CLI::App& program, CommandContext& context);

}  // namespace kontor::cli
