#pragma once
// The groups of commands that ori_commands.cc puts together, each in a file of its own.
#include "apps/cli/config_command.h"

namespace kontor::cli::ori {

void add_new_commands(CLI::App& program, CommandContext& context);       // new, init
void add_login_command(CLI::App& program, CommandContext& context);      // login
void add_publish_command(CLI::App& program, CommandContext& context);    // publish
void add_install_commands(CLI::App& program, CommandContext& context);   // install, remove, upgrade
void add_sync_commands(CLI::App& program, CommandContext& context);      // sync, check
void add_graph_commands(CLI::App& program, CommandContext& context);     // deps, why, licenses
void add_search_commands(CLI::App& program, CommandContext& context);    // search, info
void add_standing_commands(CLI::App& program, CommandContext& context);  // yank, unyank, deprecate
void add_version_command(CLI::App& program, CommandContext& context);    // version
void add_audit_command(CLI::App& program, CommandContext& context);      // audit
void add_cache_command(CLI::App& program, CommandContext& context);      // cache clean|list|verify

}  // namespace kontor::cli::ori
