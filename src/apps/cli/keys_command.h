#pragma once
// `kontor keys`: the signing keys of a running registry.
#include "apps/cli/config_command.h"

namespace kontor::cli {

void add_keys_commands(CLI::App& program, CommandContext& context);

}  // namespace kontor::cli
