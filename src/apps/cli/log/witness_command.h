#pragma once
// `kontor witness`: cosigns the checkpoints of logs whose keys it is given, for as long as each
// continues the one before.
#include "apps/cli/config_command.h"

namespace kontor::cli {

// Adds `witness` to the program; it runs while the program parses its arguments, until SIGINT or
// SIGTERM. The context must outlive the app.
void add_witness_command(CLI::App& program, CommandContext& context);

}  // namespace kontor::cli
