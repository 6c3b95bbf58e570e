// In the order in which `ori --help` lists them.
#include "apps/cli/ori/ori_commands.h"

#include "apps/cli/ori/commands.h"

#include <CLI/CLI.hpp>

namespace kontor::cli {
namespace {

constexpr const char* kStatuses =
    "Exit status: 0 done, 1 refused and nothing changed, 2 wrong command line (audit: not "
    "checked),\n"
    "3 the registry does not answer, 4 bytes are not what lock, log or CHECKSUM say.";

}  // namespace

void add_ori_commands(CLI::App& program, CommandContext& context) {
  program.require_subcommand(1);
  program.footer(kStatuses);
  ori::add_new_commands(program, context);
  ori::add_login_command(program, context);
  ori::add_publish_command(program, context);
  ori::add_install_commands(program, context);
  ori::add_sync_commands(program, context);
  ori::add_graph_commands(program, context);
  ori::add_search_commands(program, context);
  ori::add_standing_commands(program, context);
  ori::add_version_command(program, context);
  ori::add_audit_command(program, context);
  ori::add_cache_command(program, context);
}

}  // namespace kontor::cli
