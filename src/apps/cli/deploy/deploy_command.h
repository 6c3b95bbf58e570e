#pragma once
// `kontor deploy cdn` puts the registry on Cloudflare by wrangler; `kontor deploy staging` is the
// same for the staging environment; `kontor deploy check URL` asks a deployment whether it works.
// Rows CLI-05, DEP-04, DEP-08.
#include "apps/cli/config_command.h"

namespace kontor::cli {

// Adds `deploy` to the program and to `registry`, as package scripts spell it. The context must
// outlive the app.
void add_deploy_commands(CLI::App& program, CLI::App& registry, CommandContext& context);

}  // namespace kontor::cli
