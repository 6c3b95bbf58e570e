#pragma once
// Texts about the configuration, all generated from the table of keys.
#include "apps/server/config/load.h"

#include <cstdint>
#include <string>

namespace kontor::config {

enum class Origins : std::uint8_t { hidden, shown };

// The values in effect as JSON5, secrets masked; with origins, each line says in a comment where
// its value comes from.
std::string effective_text(const LoadedConfig& loaded, Origins origins);

// A commented configuration file in which every key stands as a comment with its default.
std::string example_file();

// The same as an .env.registry.
std::string example_env_file();

// docs/configuration.md.
std::string configuration_markdown();

}  // namespace kontor::config
