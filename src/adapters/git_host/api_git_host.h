#pragma once
// GitHub's REST API as far as Gitea and Forgejo speak it too: /user, /user/repos, /repos/:o/:r.
#include "ports/git_host.h"
#include "ports/http_caller.h"

namespace kontor {

class ApiGitHost final : public GitHost {
 public:
  // `url`: of the API, without a final slash: https://api.github.com, https://git.example/api/v1.
  ApiGitHost(HttpCaller& caller, std::string url) : caller_(caller), url_(std::move(url)) {}

  Task<std::string> login_of(std::string token) override;
  Task<GitRepository> ensure_repository(std::string token, std::string login,
                                        std::string name) override;

 private:
  Task<HttpReply> ask(std::string method, std::string path, std::string token, Bytes body = {});

  HttpCaller& caller_;
  const std::string url_;
};

}  // namespace kontor
