#pragma once
// The package that a command runs in: its manifest, as text and as a value.
#include "apps/cli/ori/desk.h"
#include "formats/ori/manifest.h"

#include <string>

namespace kontor::cli::ori {

inline constexpr const char* kManifestName = "oripk.toml";
inline constexpr const char* kLockName = "oripk.lock";

struct Project {
  std::string folder;  // empty: the working directory
  std::string text;    // of oripk.toml
  kontor::ori::Manifest manifest;
  Json tree;  // the text as parse_toml() reads it

  std::string path(const std::string& name) const {
    return folder.empty() ? name : folder + "/" + name;
  }
};

// not_found with the command to run where there is no oripk.toml, bad_request with the line or
// field that is wrong. Warns of unknown fields.
Result<Project> open_project(Desk& desk);
// The same for other text in the same folder, without warnings.
Result<Project> with_text(const Project& project, std::string text);

// The dependency of that name, or null.
const kontor::ori::Dependency* find_dependency(const kontor::ori::Manifest& manifest,
                                               std::string_view name);

// A text member of a table of the manifest, such as {"publish", "registry"}; empty: not there.
std::string text_at(const Json& tree, std::initializer_list<std::string_view> path);

}  // namespace kontor::cli::ori
