// Permission first, then the host, then the store.
#include "registry/git_repositories/git_repositories.h"

#include "domain/policy.h"
#include "registry/audit.h"

#include <algorithm>

namespace kontor {
namespace {

constexpr std::size_t kMostToken = 512;
constexpr std::size_t kMostCourse = 90;  // repositories have names of 100 at most

std::string context_of(const std::string& user) {
  return "git:" + user;
}

std::optional<Error> refuse(const GitService& service, const Principal& who, Action action) {
  return decide(who, action, {}, service.registry.settings->policy);
}

bool is_token(std::string_view text) {
  return !text.empty() && text.size() <= kMostToken &&
         std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f'; });
}

bool is_course_id(std::string_view text) {
  const auto is_letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  };
  return !text.empty() && text.size() <= kMostCourse && text.front() != '.' &&
         std::ranges::all_of(text, is_letter);
}

Error no_host() {
  return {Code::not_implemented,
          "This registry is not connected with a git host; ask its administrator.",
          {}};
}

}  // namespace

Task<std::string> connect_git(GitService& service, Actor actor, std::string token) {
  Registry& registry = service.registry;
  const Principal who = actor.principal;
  if (auto refused = refuse(service, who, Action::edit_account))
    co_return std::unexpected(std::move(*refused));
  if (!service.host) co_return std::unexpected(no_host());
  if (!is_token(token))
    co_return fail(Code::bad_request, "A token is made of up to 512 letters, digits and signs.");
  const auto login = co_await service.host->login_of(token);
  GitConnection connection{*who.user, login, registry.secrets.seal(token, context_of(who.name)),
                           registry.clock.now()};
  auto trail = trail_of(registry, actor, "connect_git", "user:" + who.name, login);
  co_await service.connections.put(std::move(connection), std::move(trail));
  co_return login;
}

Task<std::optional<GitConnection>> find_git_connection(GitService& service, Principal who) {
  if (auto refused = refuse(service, who, Action::own_account))
    co_return std::unexpected(std::move(*refused));
  co_return co_await service.connections.find(*who.user);
}

Task<> disconnect_git(GitService& service, Actor actor) {
  const Principal who = actor.principal;
  if (auto refused = refuse(service, who, Action::edit_account))
    co_return std::unexpected(std::move(*refused));
  auto trail = trail_of(service.registry, actor, "disconnect_git", "user:" + who.name);
  co_await service.connections.remove(*who.user, std::move(trail));
  co_return {};
}

Task<GitCredentials> load_git_credentials(GitService& service, Principal who) {
  const auto connection = co_await find_git_connection(service, who);
  if (!connection)
    co_return fail(Code::not_found,
                   "Your account is not connected with the git host; run: progy connect (or send a "
                   "token of yours to PUT /git/connection).");
  auto token = service.registry.secrets.open(connection->token, context_of(who.name));
  if (!token)
    co_return fail(Code::forbidden,
                   "Your token for the git host cannot be read any more; connect your account "
                   "again.");
  co_return GitCredentials{connection->login, std::move(*token)};
}

Task<GitRepository> ensure_course_repository(GitService& service, Actor actor,
                                             std::string course_id) {
  if (auto refused = refuse(service, actor.principal, Action::own_account))
    co_return std::unexpected(std::move(*refused));
  if (!service.host) co_return std::unexpected(no_host());
  if (course_id.starts_with('@')) course_id.erase(0, 1);
  if (!is_course_id(course_id))
    co_return fail(Code::bad_request,
                   "courseId is the course's name with '-' for '/', such as diego-rust-mastery.");
  auto credentials = co_await load_git_credentials(service, actor.principal);
  co_return co_await service.host->ensure_repository(
      std::move(credentials.token), std::move(credentials.login), "progy-" + course_id);
}

}  // namespace kontor
