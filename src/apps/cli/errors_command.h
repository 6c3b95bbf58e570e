#pragma once
// `kontor errors list|show|clear`: the failures of a running server. Row HLT-02.
#include "apps/cli/config_command.h"

namespace kontor::cli {

void add_errors_command(CLI::App& program, CommandContext& context);

}  // namespace kontor::cli
