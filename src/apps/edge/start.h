#pragma once
// What a deployment does before it answers: its configuration, and once its first administrator.
#include "apps/edge/host.h"
#include "apps/server/config/load.h"
#include "registry/registry.h"

namespace kontor::edge {

// From the worker's variables: names and values, those of the environment as natively.
// KONTOR_CONFIG is the text of a configuration file, KONTOR_SETTINGS lines of "path=value" as --set
// takes them.
std::expected<config::LoadedConfig, config::Problems> load_settings(ByteView message);

// The first administrator and, where its password was generated, a line of the log that shows it
// this once.
Task<> bring_up_accounts(Registry& registry, const Config& config);

}  // namespace kontor::edge
