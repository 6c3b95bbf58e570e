#pragma once
// The `ori` command line (rows ORC-01, ORC-02): packages made, published, installed and checked.
#include "apps/cli/config_command.h"

namespace kontor::cli {

// Adds the commands to `program`, which is `ori` itself or `kontor ori`; they run while it parses
// its arguments. The context must outlive the app.
void add_ori_commands(CLI::App& program, CommandContext& context);

}  // namespace kontor::cli
