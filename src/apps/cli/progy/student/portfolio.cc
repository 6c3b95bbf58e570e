// git asks its helper for a credential; the helper is one line that reads two variables.
#include "apps/cli/progy/student/portfolio.h"

#include "apps/cli/progy/student/git.h"

namespace kontor::cli::progy {
namespace {

constexpr const char* kHelper =
    "credential.helper=!f() { test \"$1\" = get && echo \"username=$PROGY_GIT_USER\" && echo "
    "\"password=$PROGY_GIT_TOKEN\"; }; f";

// "@diego/rust" as "diego-rust".
std::string course_id(std::string course) {
  if (course.starts_with('@')) course.erase(0, 1);
  for (char& c : course)
    if (c == '/') c = '-';
  return course;
}

bool is_remote(const std::string& url) {
  return url.starts_with("https://") || url.starts_with("http://") || url.starts_with("ssh://") ||
         url.starts_with("git@");
}

// https://ada:secret@host/x would be kept in .git/config.
bool has_secret(const std::string& url) {
  const auto host = url.find("://");
  if (host == url.npos) return false;
  const auto authority = url.substr(host + 3, url.find('/', host + 3) - host - 3);
  return authority.find('@') != authority.npos && authority.find(':') < authority.find('@');
}

}  // namespace

Outcome<Portfolio> make_portfolio(Desk& desk, RegistryApi& api, const std::string& folder,
                                  const std::string& course) {
  if (desk.settings().token.empty())
    return fail(Code::unauthenticated, "You are not logged in; run: progy login.");
  Git git(desk, folder);
  const auto repository = git.is_repository();
  if (!repository || !*repository)
    return fail(Code::bad_request, "The folder is no git repository.");
  const auto answer = api.call("POST", "/git/ensure-repo", {{"courseId", course_id(course)}});
  if (!answer) return std::unexpected(answer.error());
  const auto url = text_of(*answer, "repoUrl");
  if (!is_remote(url) || has_secret(url))
    return fail(Code::unavailable, "The registry names no repository that can be pushed to.");
  for (const auto& step : {std::vector<std::string>{"remote", "add", "origin", url},
                           std::vector<std::string>{"branch", "-M", "main"}})
    if (auto done = git.must(step); !done) return std::unexpected(Failure(done.error()));
  std::vector<std::string> push = {"push", "--quiet", "-u", "origin", "main"};
  const auto credentials = api.call("GET", "/git/credentials");
  const auto token = credentials ? text_of(*credentials, "password") : "";
  if (!token.empty() && url.starts_with("http")) {
    const auto user = text_of(*credentials, "username");
    git.set_variable("PROGY_GIT_USER", user.empty() ? "x-access-token" : user);
    git.set_variable("PROGY_GIT_TOKEN", token);
    push.insert(push.begin(), {"-c", "credential.helper=", "-c", kHelper});
  }
  const auto pushed = git.run(push);
  if (!pushed) return std::unexpected(Failure(pushed.error()));
  if (pushed->status != 0) return fail(Code::bad_request, "git push failed: " + pushed->output);
  const auto page = text_of(*answer, "htmlUrl");
  return Portfolio{page.empty() ? url : page};
}

}  // namespace kontor::cli::progy
