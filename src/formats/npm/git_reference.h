#pragma once
// Dependencies on git repositories have many spellings, and npm rewrites them when it publishes.
#include <optional>
#include <string>
#include <string_view>

namespace kontor::npm {

// What a dependency's value points at, for comparison: "github.com/owner/repo#commit" for
// "owner/repo#commit", "github:owner/repo#commit", "git+ssh://git@github.com/owner/repo.git#commit"
// and the like. Nothing where the value is not a git reference.
std::optional<std::string> git_identity(std::string_view value);

}  // namespace kontor::npm
