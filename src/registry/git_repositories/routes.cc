// Decode, call the use case, encode.
#include "registry/git_repositories/routes.h"

#include "registry/git_repositories/login_handlers.h"
#include "registry/json_body.h"

#include <array>

namespace kontor {
namespace {

using http::Access;
using http::Method;
using Entry = RouteEntry<GitService>;

Task<http::Response> get_connection(GitService& service, const http::Call& call) {
  const auto connection = co_await find_git_connection(service, call.principal);
  Json out = {{"connected", connection.has_value()}};
  if (connection) out["login"] = connection->login;
  if (connection) out["since"] = rfc3339(connection->connected);
  if (service.login) out["page"] = std::string(call.base) + kGitLoginPage;
  co_return private_json(200, out);
}

// {token}
Task<http::Response> put_connection(GitService& service, const http::Call& call) {
  const Json body = co_await read_json_object(call.request.body);
  auto token = co_await required_text_field(body, "token");
  const auto login = co_await connect_git(service, actor_of(call), std::move(token));
  co_return private_json(200, {{"connected", true}, {"login", login}});
}

Task<http::Response> delete_connection(GitService& service, const http::Call& call) {
  co_await disconnect_git(service, actor_of(call));
  co_return private_json(200, {{"connected", false}});
}

Task<http::Response> get_credentials(GitService& service, const http::Call& call) {
  const auto credentials = co_await load_git_credentials(service, call.principal);
  co_return private_json(200, {{"username", credentials.login}, {"password", credentials.token}});
}

// {courseId}
Task<http::Response> post_repository(GitService& service, const http::Call& call) {
  const Json body = co_await read_json_object(call.request.body);
  auto course = co_await required_text_field(body, "courseId");
  const auto repository =
      co_await ensure_course_repository(service, actor_of(call), std::move(course));
  co_return private_json(200, {{"repoUrl", repository.clone_url},
                               {"htmlUrl", repository.html_url},
                               {"isNew", repository.is_new}});
}

constexpr std::array kRoutes = {
    Entry{{Method::get, "/git/connection", Access::account,
           "Whether the caller is connected with an account at the git host, and the page that "
           "connects."},
          get_connection},
    Entry{{Method::put, "/git/connection", Access::full,
           "Connects by a token of that account, `{token}`; the host is asked whose it is."},
          put_connection},
    Entry{{Method::del, "/git/connection", Access::full, "Forgets the token."}, delete_connection},
    Entry{{Method::get, kGitLoginPage, Access::open,
           "The page that asks who connects, and leads to the git host."},
          show_git_login},
    Entry{{Method::post, kGitLoginPage, Access::open, "The form of that page."}, submit_git_login},
    Entry{{Method::get, "/git/callback", Access::open,
           "Where the git host sends the browser back to, with `?code` and `?state`."},
          finish_git_login},
    Entry{{Method::get, "/git/credentials", Access::full,
           "The caller's own name and token at the git host, for a push."},
          get_credentials},
    Entry{{Method::post, "/git/ensure-repo", Access::write,
           "The caller's private repository for a course, `{courseId}`; made where it is missing."},
          post_repository},
};

}  // namespace

std::span<const RouteEntry<GitService>> git_routes() {
  return kRoutes;
}

}  // namespace kontor
