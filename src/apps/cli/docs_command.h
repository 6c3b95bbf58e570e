#pragma once
// `kontor docs errors|api|configuration`: prints the pages that are made from the code's tables.
#include "apps/cli/config_command.h"

namespace kontor {

// The context must outlive the app.
void add_docs_commands(CLI::App& program, CommandContext& context);

// The whole text of docs/api.md: the routes of every family this binary serves.
std::string api_page();

}  // namespace kontor
