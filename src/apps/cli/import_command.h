#pragma once
// `kontor import`: publishes many tarballs into a data directory at once, without a server.
#include "apps/cli/config_command.h"

namespace kontor::cli {

// The context must outlive the app.
void add_import_command(CLI::App& program, CommandContext& context);

}  // namespace kontor::cli
