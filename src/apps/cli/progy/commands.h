#pragma once
// The groups of commands that progy_commands.cc puts together, each in a file of its own.
#include "apps/cli/config_command.h"

namespace kontor::cli::progy {

void add_login_commands(CLI::App& program, CommandContext& context);    // login, logout, whoami, rename
void add_pack_command(CLI::App& program, CommandContext& context);      // pack
void add_publish_command(CLI::App& program, CommandContext& context);   // publish
void add_init_command(CLI::App& program, CommandContext& context);      // init
void add_connect_command(CLI::App& program, CommandContext& context);   // connect
void add_update_command(CLI::App& program, CommandContext& context);    // update
void add_catalog_commands(CLI::App& program, CommandContext& context);  // list, search, info
void add_cache_commands(CLI::App& program, CommandContext& context);    // cache list|clean|verify

}  // namespace kontor::cli::progy
