#pragma once
// What a deployment does before it answers: its configuration, then once the schema of its database
// and its first administrator.
#include "adapters/sqlite/session.h"
#include "apps/edge/host.h"
#include "apps/server/config/load.h"
#include "registry/registry.h"

namespace kontor::edge {

// From the worker's variables: names and values, those of the environment as natively.
// KONTOR_CONFIG is the text of a configuration file, KONTOR_SETTINGS lines of "path=value" as --set
// takes them.
std::expected<config::LoadedConfig, config::Problems> load_settings(ByteView message);

// Brings the database to the schema of this module by migrations/sqlite. Many may do so at once.
// The same errors as natively where a newer or another version wrote it.
Task<> bring_up_schema(sqlite::Session& session, Timestamp now);

// The first administrator and, where its password was generated, a line of the log that shows it
// this once.
Task<> bring_up_accounts(Registry& registry, const Config& config);

}  // namespace kontor::edge
