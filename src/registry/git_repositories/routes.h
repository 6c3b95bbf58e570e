#pragma once
// /git: connecting with a git host, and repositories for courses. Errors are rendered by
// error_body().
#include "registry/gateway.h"
#include "registry/git_repositories/git_repositories.h"

#include <span>

namespace kontor {

std::span<const RouteEntry<GitService>> git_routes();

}  // namespace kontor
