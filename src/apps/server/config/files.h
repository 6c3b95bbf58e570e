#pragma once
// The part of configuration that touches the world: finding and reading files, the environment.
#include "apps/server/config/load.h"

#include <expected>
#include <optional>
#include <string>
#include <vector>

namespace kontor::config {

// What the command line says about configuration.
struct ConfigRequest {
  std::optional<std::string> config_file;  // without: the search order of row CFG-01
  std::optional<std::string> env_file;     // without: .env.registry, if there is one
  std::vector<Setting> settings;
  Insecure insecure = Insecure::refused;
  std::string directory;  // where the search starts; empty: the working directory
};

// Reads the sources. A file that is named must exist; one that is found must be readable.
std::expected<ConfigInputs, Problems> read_inputs(const ConfigRequest& request,
                                                  Variables environment);

// Reads and merges; adds a warning where everybody on the machine can read a secret's file. Called
// at the start and, with the same request, for every reload.
std::expected<LoadedConfig, Problems> load_files(const ConfigRequest& request,
                                                 Variables environment);

// The variables of this process.
Variables process_environment();

// At most 1 MiB; fails with "path: reason".
std::expected<std::string, std::string> read_text_file(const std::string& path);

}  // namespace kontor::config
