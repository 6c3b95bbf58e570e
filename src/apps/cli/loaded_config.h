#pragma once
// The beginning of every command that works on a data directory without serving it.
#include "apps/cli/config_command.h"

#include <optional>

namespace kontor::cli {

// The configuration that the options mean, in the folder where the command runs. Nothing where it
// cannot be used; what is wrong with it is printed then.
std::optional<Config> load_config(config::ConfigRequest request, CommandContext& context);

}  // namespace kontor::cli
