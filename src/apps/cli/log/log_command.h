#pragma once
// `kontor log pin` and `kontor log verify`: which key a log is believed by, and whether it still is
// what it was.
#include "apps/cli/config_command.h"

namespace kontor::cli {

// Adds `log` with its subcommands to the program; they run while the program parses its arguments.
// The context must outlive the app. Exit statuses are those of report.h.
void add_log_commands(CLI::App& program, CommandContext& context);

}  // namespace kontor::cli
