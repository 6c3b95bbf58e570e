// In the order in which `ori --help` lists them.
#include "apps/cli/ori/ori_commands.h"

#include "apps/cli/ori/commands.h"

#include <CLI/CLI.hpp>

namespace kontor::cli {

void add_ori_commands(CLI::App& program, CommandContext& context) {
  program.require_subcommand(1);
  ori::add_new_commands(program, context);
}

}  // namespace kontor::cli
