#pragma once
// `kontor users add|list|remove|password`: accounts of a running registry, over its administration
// API, so that an administrator needs no access to the machine it runs on.
#include "apps/cli/config_command.h"

#include <span>
#include <string>

namespace kontor::cli {

// Adds `users` with its subcommands to the program; they run while the program parses its
// arguments. The context must outlive the app. Passwords come from context.in or are made by the
// registry, never from the arguments, which everybody on the machine can read.
void add_users_commands(CLI::App& program, CommandContext& context);

}  // namespace kontor::cli
