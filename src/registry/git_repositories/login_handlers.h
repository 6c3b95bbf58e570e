#pragma once
// The handlers of the pages on which a person connects an account at the git host in a browser;
// part of routes.cc.
#include "http/route.h"
#include "registry/git_repositories/git_repositories.h"

namespace kontor {

// Where they begin; below a registry's own address.
inline constexpr const char* kGitLoginPage = "/git/login";

Task<http::Response> show_git_login(GitService& service, const http::Call& call);
Task<http::Response> submit_git_login(GitService& service, const http::Call& call);
Task<http::Response> finish_git_login(GitService& service, const http::Call& call);

}  // namespace kontor
