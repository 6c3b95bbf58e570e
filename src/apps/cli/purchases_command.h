#pragma once
// `kontor purchases grant|revoke|list|price`: what courses cost and who has bought them, of a
// running registry (row PRG-09).
#include "apps/cli/config_command.h"

namespace kontor::cli {

// Adds `purchases` with its subcommands to the parent; they run while the program parses its
// arguments. The context must outlive the app.
void add_purchases_commands(CLI::App& parent, CommandContext& context);

}  // namespace kontor::cli
