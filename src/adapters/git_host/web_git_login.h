#pragma once
// OAuth as GitHub, Gitea and Forgejo speak it: /login/oauth/authorize and
// /login/oauth/access_token.
#include "ports/git_login.h"
#include "ports/http_caller.h"

namespace kontor {

// As what the registry is registered at the host.
struct GitClient {
  std::string id;
  std::string secret;
};

class WebGitLogin final : public GitLogin {
 public:
  // `api_url` as ApiGitHost has it; the pages are at the host that it belongs to.
  WebGitLogin(HttpCaller& caller, const std::string& api_url, GitClient client);

  std::string page(const GitLoginQuestion& question) const override;
  Task<std::string> token_for(GitLoginAnswer answer) override;

 private:
  HttpCaller& caller_;
  const GitClient client_;
  const std::string url_;     // of the pages
  const std::string scopes_;  // what a token must be good for: repositories, and a push to them
};

}  // namespace kontor
