// GitHub answers 200 to what it refuses, others 4xx; both tell an `error` instead of a token.
#include "adapters/git_host/web_git_login.h"

#include "base/encoding.h"
#include "base/json.h"

namespace kontor {
namespace {

constexpr std::string_view kGitHubApi = "https://api.github.com";
constexpr std::string_view kGiteaApi = "/api/v1";
constexpr std::string_view kEnterpriseApi = "/api/v3";  // of GitHub's own servers elsewhere

std::string pages_of(std::string_view api) {
  if (api == kGitHubApi) return "https://github.com";
  if (api.ends_with(kGiteaApi) || api.ends_with(kEnterpriseApi))
    api.remove_suffix(kGiteaApi.size());
  return std::string(api);
}

std::string scopes_of(std::string_view api) {
  return api.ends_with(kGiteaApi) ? "write:repository write:user" : "repo";
}

std::string form_of(std::initializer_list<std::pair<std::string_view, std::string_view>> fields) {
  std::string form;
  for (const auto& [name, value] : fields)
    form.append(form.empty() ? "" : "&").append(name).append("=").append(percent_encode(value));
  return form;
}

}  // namespace

WebGitLogin::WebGitLogin(HttpCaller& caller, const std::string& api_url, GitClient client)
    : caller_(caller),
      client_(std::move(client)),
      url_(pages_of(api_url) + "/login/oauth/"),
      scopes_(scopes_of(api_url)) {}

std::string WebGitLogin::page(const GitLoginQuestion& question) const {
  return url_ + "authorize?" +
         form_of({{"response_type", "code"},
                  {"client_id", client_.id},
                  {"redirect_uri", question.back},
                  {"scope", scopes_},
                  {"state", question.state},
                  {"code_challenge", question.challenge},
                  {"code_challenge_method", "S256"}});
}

Task<std::string> WebGitLogin::token_for(GitLoginAnswer answer) {
  HttpCall call;
  call.method = "POST";
  call.url = url_ + "access_token";
  call.headers = {{"accept", "application/json"},
                  {"content-type", "application/x-www-form-urlencoded"},
                  {"user-agent", "kontor"}};
  call.body = form_of({{"grant_type", "authorization_code"},
                       {"client_id", client_.id},
                       {"client_secret", client_.secret},
                       {"code", answer.code},
                       {"redirect_uri", answer.back},
                       {"code_verifier", answer.verifier}});
  const auto reply = co_await caller_.send(std::move(call));
  const auto body = parse_json(reply.body);
  const bool told = body && body->is_object();
  if (told && reply.status == 200 && body->contains("access_token") &&
      body->at("access_token").is_string())
    co_return body->at("access_token").get<std::string>();
  if (told && body->contains("error"))
    co_return fail(Code::forbidden, "The git host did not confirm the login; begin again.");
  co_return fail(Code::unavailable, "The git host did not do its part; try again later.",
                 "the git host answered " + std::to_string(reply.status));
}

}  // namespace kontor
