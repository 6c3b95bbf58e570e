// Look first, then create: two devices of one student may ask at the same time, so a name that is
// taken when it is created was created meanwhile.
#include "adapters/git_host/api_git_host.h"

#include "base/encoding.h"
#include "base/json.h"

namespace kontor {
namespace {

std::unexpected<Error> unexpected_answer(int status) {
  return fail(Code::unavailable, "The git host did not do its part; try again later.",
              "the git host answered " + std::to_string(status));
}

std::unexpected<Error> not_permitted(int status) {
  if (status == 401)
    return fail(Code::forbidden,
                "The git host does not take your token any more; connect your account again.");
  return fail(Code::forbidden,
              "Your token for the git host may not do this; connect your account with one that may "
              "create repositories.");
}

Result<Json> object_in(const HttpReply& reply) {
  auto body = parse_json(reply.body);
  if (!body || !body->is_object()) return unexpected_answer(reply.status);
  return *std::move(body);
}

std::string text_at(const Json& object, std::string_view name) {
  const auto it = object.find(name);
  return it != object.end() && it->is_string() ? it->get<std::string>() : "";
}

// Clients give these to git and to people: only what is an address of the web.
bool is_web_url(std::string_view text) {
  return text.starts_with("https://") || text.starts_with("http://");
}

Result<GitRepository> repository_in(const HttpReply& reply, bool is_new) {
  const auto body = object_in(reply);
  if (!body) return std::unexpected(body.error());
  GitRepository repository{text_at(*body, "clone_url"), text_at(*body, "html_url"), is_new};
  if (!is_web_url(repository.clone_url) || !is_web_url(repository.html_url))
    return unexpected_answer(reply.status);
  return repository;
}

}  // namespace

Task<HttpReply> ApiGitHost::ask(std::string method, std::string path, std::string token,
                                Bytes body) {
  HttpCall call;
  call.method = std::move(method);
  call.url = url_ + path;
  call.headers = {{"accept", "application/json"},
                  {"authorization", "token " + token},
                  {"user-agent", "kontor"}};
  if (!body.empty()) call.headers.emplace_back("content-type", "application/json");
  call.body = std::move(body);
  auto reply = co_await caller_.send(std::move(call));
  if (reply.status == 401 || reply.status == 403) co_return not_permitted(reply.status);
  co_return reply;
}

Task<std::string> ApiGitHost::login_of(std::string token) {
  const auto reply = co_await ask("GET", "/user", std::move(token));
  if (reply.status != 200) co_return unexpected_answer(reply.status);
  const auto login = text_at(co_await object_in(reply), "login");
  if (login.empty()) co_return unexpected_answer(reply.status);
  co_return login;
}

Task<GitRepository> ApiGitHost::ensure_repository(std::string token, std::string login,
                                                  std::string name) {
  const auto place = "/repos/" + percent_encode(login) + "/" + percent_encode(name);
  const auto found = co_await ask("GET", place, token);
  if (found.status == 200) co_return co_await repository_in(found, false);
  if (found.status != 404) co_return unexpected_answer(found.status);
  const Json wish = {{"name", name}, {"private", true}, {"auto_init", false}};
  const auto created = co_await ask("POST", "/user/repos", token, wish.dump());
  if (created.status == 201) co_return co_await repository_in(created, true);
  if (created.status != 409 && created.status != 422) co_return unexpected_answer(created.status);
  const auto again = co_await ask("GET", place, token);
  if (again.status != 200) co_return unexpected_answer(created.status);
  co_return co_await repository_in(again, false);
}

}  // namespace kontor
