#pragma once
// `kontor advisory add|import|export|list|withdraw`. Rows ADV-01, ADV-02.
#include "apps/cli/config_command.h"

namespace kontor::cli {

// Exit status 1 where something was refused, 2 where nothing could be done. The context must
// outlive the app.
void add_advisory_commands(CLI::App& program, CommandContext& context);

}  // namespace kontor::cli
