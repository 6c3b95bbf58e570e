#pragma once
// The groups of commands that ori_commands.cc puts together, each in a file of its own.
#include "apps/cli/config_command.h"

namespace kontor::cli::ori {

void add_new_commands(CLI::App& program, CommandContext& context);  // new, init

}  // namespace kontor::cli::ori
