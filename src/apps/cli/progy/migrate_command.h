#pragma once
// `kontor registry migrate courses`: courses from before the registry become published ones. Row
// MIG-04.
#include "apps/cli/config_command.h"

namespace kontor::cli {

// Adds `migrate`, where it is not there yet, with `courses` to the group `registry`.
void add_migrate_courses_command(CLI::App& registry, CommandContext& context);

}  // namespace kontor::cli
