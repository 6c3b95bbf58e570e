#pragma once
// The "bin" member of a manifest in npm's normal form: an object of command name to path.
#include "base/error.h"
#include "base/json.h"

#include <string>
#include <string_view>

namespace kontor::npm {

// Strings, arrays and objects become an object whose names are bare and whose paths are relative
// with forward slashes ("./cli.js" is "cli.js"). Null where nothing usable is left; too_large beyond
// kMaxCommands.
inline constexpr std::size_t kMaxCommands = 1000;
Result<Json> normalise_bin(std::string_view package_name, const Json& bin);

// A path inside the package: backslash and colon become slashes, "." and ".." are resolved without
// leaving the package, no leading or trailing slash. Empty for the package's root.
std::string clean_path(std::string_view path);

// The last name of a path.
std::string_view last_name(std::string_view path);

}  // namespace kontor::npm
