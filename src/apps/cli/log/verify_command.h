#pragma once
// `kontor verify <name>@<version>`: what the registry serves, or a file on this machine, is what
// the log says was published. `kontor verify lockfile`: the same for all that a lockfile installs.
#include "apps/cli/config_command.h"

namespace kontor::cli {

// Adds `verify` to the program; it runs while the program parses its arguments. The context must
// outlive the app. Exit statuses are those of report.h.
void add_verify_commands(CLI::App& program, CommandContext& context);

// `kontor verify lockfile`, in lockfile_command.cc.
void add_verify_lockfile(CLI::App& verify, CommandContext& context);

}  // namespace kontor::cli
