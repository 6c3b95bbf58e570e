// Connecting with a git host in a browser, over HTTP with a host that checks what OAuth asks for.
#include "adapters/memory/git_connection_store.h"
#include "base/encoding.h"
#include "base/sha256.h"
#include "registry/error_body.h"
#include "registry/git_repositories/routes.h"
#include "tests/support/account_host.h"

#include <gmock/gmock.h>

namespace kontor::test {
namespace {

using testing::HasSubstr;

class OneAccount final : public GitHost {
 public:
  Task<std::string> login_of(std::string token) override {
    if (token != "given") co_return fail(Code::forbidden);
    co_return "ann-at-git";
  }
  Task<GitRepository> ensure_repository(std::string, std::string, std::string) override {
    co_return fail(Code::unavailable);
  }
};

class TestGitLogin final : public GitLogin {
 public:
  std::string page(const GitLoginQuestion& question) const override {
    asked = question;
    return "https://git.test/authorize";
  }
  Task<std::string> token_for(GitLoginAnswer answer) override {
    const auto challenge = to_base64url(sha256(answer.verifier).view());
    if (answer.code != "code" || challenge != asked.challenge || answer.back != asked.back)
      co_return fail(Code::forbidden);
    co_return "given";
  }

  mutable GitLoginQuestion asked;
};

struct GitLoginPages : testing::Test {
  GitLoginPages() {
    host.asked = &gateway;
    host.add_user("ann", "correct horse");
    host.add_user("bob", "correct horse");
    ann = host.bearer("ann");
  }
  Reply with_cookie(http::Method method, const std::string& target, const std::string& body = {}) {
    return host.send({.method = method,
                      .target = target,
                      .headers = {{"cookie", "theme=dark; " + cookie},
                                  {"content-type", "application/x-www-form-urlencoded"}},
                      .body = body});
  }
  Reply show() {
    auto page = host.get("/git/login");
    const auto set = page.header("set-cookie");
    cookie = set.substr(0, set.find(';'));
    const auto at = page.body.find("name=\"form\" value=\"");
    form = at == page.body.npos ? "" : page.body.substr(at + 19, 64);
    return page;
  }
  Reply submit(const std::string& name = "ann", const std::string& password = "correct+horse") {
    return with_cookie(http::Method::post, "/git/login",
                       "form=" + form + "&name=" + name + "&password=" + password);
  }
  Reply come_back(const std::string& more = "&code=code") {
    return with_cookie(http::Method::get, "/git/callback?state=" + login.asked.state + more);
  }
  bool connected() { return host.get("/git/connection", ann).json()["connected"]; }

  AccountHost host;
  memory::GitConnectionStore store{host.database};
  OneAccount git;
  TestGitLogin login;
  GitService service{host.registry, store, &git, &login};
  RouteTable<GitService> routes{"git", git_routes(), service, error_body};
  Gateway gateway{host.registry, {{&routes, false}, {&host.npm_routes, true}}};
  std::string ann, cookie, form;
};

TEST_F(GitLoginPages, lead_from_a_login_to_the_host_and_back_to_a_connection) {
  const auto page = show();
  EXPECT_EQ(page.status, 200);
  EXPECT_THAT(page.header("set-cookie"), HasSubstr("; HttpOnly; SameSite=Lax"));
  EXPECT_EQ(page.header("cache-control"), "private, no-store");
  const auto led = submit();
  ASSERT_EQ(led.status, 200) << led.body;
  EXPECT_THAT(led.body, HasSubstr("href=\"https://git.test/authorize\""));
  EXPECT_THAT(login.asked.back, testing::EndsWith("/git/callback"));
  EXPECT_FALSE(connected());
  const auto done = come_back();
  ASSERT_EQ(done.status, 200) << done.body;
  EXPECT_THAT(done.body, HasSubstr("ann-at-git"));
  const auto told = host.get("/git/connection", ann).json();
  EXPECT_EQ(told["login"], "ann-at-git");
  EXPECT_THAT(told["page"].get<std::string>(), testing::EndsWith("/git/login"));
}

TEST_F(GitLoginPages, take_no_state_of_another_browser_of_another_time_or_of_strangers) {
  show();
  submit();
  const auto own = cookie;
  cookie.back() = cookie.back() == '0' ? '1' : '0';
  EXPECT_EQ(come_back().status, 403);
  cookie = own;
  const auto state = login.asked.state;
  for (const auto& made_up : {std::string(), std::string("x"), state.substr(0, state.size() - 4)}) {
    login.asked.state = made_up;
    EXPECT_EQ(come_back().status, 403) << made_up;
  }
  login.asked.state = state;
  host.clock.advance(Duration{10 * 60 * 1000});
  EXPECT_EQ(come_back().status, 403);
  EXPECT_FALSE(connected());
}

TEST_F(GitLoginPages, refuse_forms_that_are_not_theirs_and_wrong_passwords) {
  show();
  const auto wrong = submit("ann", "a+guess");
  EXPECT_EQ(wrong.status, 401);
  EXPECT_THAT(wrong.body, HasSubstr("value=\"ann\""));
  const auto own = form;
  form = std::string(64, '0');
  EXPECT_EQ(submit().status, 403);
  form = own;
  cookie = "other=1";
  EXPECT_EQ(submit().status, 403);
  EXPECT_TRUE(login.asked.state.empty());
}

TEST_F(GitLoginPages, connect_nobody_whom_the_person_or_the_host_refuses) {
  show();
  submit();
  EXPECT_EQ(come_back("&error=access_denied").status, 403);
  EXPECT_EQ(come_back("&code=another").status, 403);
  EXPECT_FALSE(connected());
}

TEST_F(GitLoginPages, are_there_only_where_the_registry_is_registered_at_the_host) {
  service.login = nullptr;
  EXPECT_EQ(show().status, 501);
  EXPECT_EQ(submit().status, 501);
  EXPECT_EQ(come_back().status, 501);
  EXPECT_FALSE(host.get("/git/connection", ann).json().contains("page"));
}

}  // namespace
}  // namespace kontor::test
