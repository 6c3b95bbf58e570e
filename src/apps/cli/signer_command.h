#pragma once
// `kontor signer`: the process that holds the signing keys.
#include "apps/cli/config_command.h"

namespace kontor::cli {

void add_signer_command(CLI::App& program, CommandContext& context);

}  // namespace kontor::cli
