#pragma once
// `kontor backup create|list|verify|restore|drill`, and `kontor restore`. Row STO-12.
#include "apps/cli/config_command.h"

namespace kontor::cli {

// Exit statuses as those of `kontor fsck` (fsck_command.h). `registry` is the group of the commands
// under which package scripts know them. The context must outlive the apps.
void add_backup_commands(CLI::App& program, CLI::App& registry, CommandContext& context);

}  // namespace kontor::cli
