#pragma once
// `kontor audit-log`: the audit trail of a data directory, and whether its rows are still those that
// the audit log tells of (row AUTH-10).
#include "apps/cli/config_command.h"

namespace kontor::cli {

// Adds `audit-log` with `verify` to the program; they run while the program parses its arguments.
// The context must outlive the app. Exit statuses are those of report.h.
void add_audit_log_command(CLI::App& program, CommandContext& context);

}  // namespace kontor::cli
