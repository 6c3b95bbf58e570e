#pragma once
// `kontor schema sql progy` and `kontor schema course`: schemas that other tools are made with.
#include "apps/cli/config_command.h"

namespace kontor::cli {

// Under the program and under `registry`. The context must outlive the app.
void add_schema_command(CLI::App& parent, CommandContext& context);

}  // namespace kontor::cli
