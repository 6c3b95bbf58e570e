#pragma once
// `kontor monitor`: follows a log and tells of what an honest registry does not do, and of all that
// concerns the packages it is to watch.
#include "apps/cli/config_command.h"

namespace kontor::cli {

// Adds `monitor` to the program; it runs while the program parses its arguments, until SIGINT or
// SIGTERM unless --once is given. The context must outlive the app. Exit statuses with --once are
// those of report.h: 1 where there are new alarms or the log cannot be believed.
void add_monitor_command(CLI::App& program, CommandContext& context);

}  // namespace kontor::cli
