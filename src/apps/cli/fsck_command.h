#pragma once
// `kontor fsck`: the check of a data directory. Row STO-14.
#include "apps/cli/config_command.h"

namespace kontor::cli {

// Exit statuses of `kontor fsck`, and of the checks that backups make.
inline constexpr int kSound = 0;       // orphans and unfinished uploads are no fault
inline constexpr int kNotChecked = 1;  // it could not be opened or read
inline constexpr int kStale = 3;       // something derived is wrong: --repair mends it
inline constexpr int kDamaged = 4;     // something published is lost or wrong

// The context must outlive the app.
void add_fsck_command(CLI::App& program, CommandContext& context);

}  // namespace kontor::cli
