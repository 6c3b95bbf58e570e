#pragma once
// `kontor gc`: has a running registry remove the blobs that no version names.
#include "apps/cli/config_command.h"

namespace kontor::cli {

// The context must outlive the app.
void add_gc_command(CLI::App& program, CommandContext& context);

}  // namespace kontor::cli
