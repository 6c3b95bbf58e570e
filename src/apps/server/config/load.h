#pragma once
// Merges defaults, file, .env.registry, environment and flags into one configuration: a pure
// function of their texts (rows CFG-01 to CFG-03).
#include "apps/server/config/config.h"
#include "apps/server/config/keys.h"
#include "apps/server/config/sources.h"

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <vector>

namespace kontor::config {

enum class SourceKind : std::uint8_t { preset, file, env_file, environment, flag };

// Where a value in effect comes from.
struct Origin {
  SourceKind kind = SourceKind::preset;
  std::string name;        // of the file or the flag
  std::string variable;    // of env_file and environment
  Json5Position position;  // of file and env_file

  // "default", "registry.config.json5:3:5", "KONTOR_PORT in .env.registry:2",
  // "KONTOR_PORT in the environment", "--set"
  std::string text() const;
};

enum class Insecure : std::uint8_t { refused, allowed };

struct ConfigInputs {
  std::optional<SourceText> file;
  std::optional<SourceText> env_file;
  Variables environment;
  std::vector<Setting> settings;  // in the order given, the last one of a key counts
  Insecure insecure = Insecure::refused;
};

struct LoadedConfig {
  Config config;
  std::vector<Origin> origins;  // by index_of(key)
  Problems warnings;
};

// Flags win over the environment, that over .env.registry, that over the file, that over the
// defaults. Empty variables count as not set. Fails with everything that is wrong, so that a broken
// source never leaves defaults in force unnoticed. Neither problems nor warnings hold secrets.
std::expected<LoadedConfig, Problems> load(const ConfigInputs& inputs);

// What keys demand of each other, with the origins for the messages.
Problems check_together(const LoadedConfig& loaded, Insecure insecure);

}  // namespace kontor::config
