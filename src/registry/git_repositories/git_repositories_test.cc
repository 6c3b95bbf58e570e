// Connecting with a git host, and repositories there, over HTTP with a host that knows one token.
#include "adapters/memory/git_connection_store.h"
#include "registry/error_body.h"
#include "registry/git_repositories/routes.h"
#include "tests/support/account_host.h"

#include <gmock/gmock.h>

namespace kontor::test {
namespace {

using testing::HasSubstr;
using testing::Not;

class TestGitHost final : public GitHost {
 public:
  Task<std::string> login_of(std::string token) override {
    if (token != good) co_return fail(Code::forbidden);
    co_return "ann-at-git";
  }
  Task<GitRepository> ensure_repository(std::string token, std::string login,
                                        std::string name) override {
    if (token != good) co_return fail(Code::forbidden);
    const bool is_new = made.insert(login + "/" + name).second;
    co_return GitRepository{"https://git.test/" + login + "/" + name + ".git",
                            "https://git.test/" + login + "/" + name, is_new};
  }

  std::string good = "ghp_good";
  std::set<std::string> made;
};

struct GitRoutes : testing::Test {
  GitRoutes() {
    host.asked = &gateway;
    host.add_user("ann", "correct horse");
    host.add_user("bob", "correct horse");
    ann = host.bearer("ann");
    bob = host.bearer("bob");
  }
  Reply connect(const std::string& token = "ghp_good") {
    return host.put("/git/connection", R"({"token":")" + token + R"("})", ann);
  }
  Reply ensure(const std::string& course = "diego-rust") {
    return host.post("/git/ensure-repo", R"({"courseId":")" + course + R"("})", ann);
  }

  AccountHost host;
  memory::GitConnectionStore store{host.database};
  TestGitHost git;
  GitService service{host.registry, store, &git};
  RouteTable<GitService> routes{"git", git_routes(), service, error_body};
  Gateway gateway{host.registry, {{&routes, false}, {&host.npm_routes, true}}};
  std::string ann, bob;
};

TEST_F(GitRoutes, a_connection_is_made_shown_and_forgotten) {
  EXPECT_EQ(host.get("/git/connection", ann).json()["connected"], false);
  const auto made = connect();
  ASSERT_EQ(made.status, 200) << made.body;
  EXPECT_EQ(made.json()["login"], "ann-at-git");
  EXPECT_EQ(host.get("/git/connection", ann).json()["login"], "ann-at-git");
  EXPECT_EQ(host.get("/git/connection", bob).json()["connected"], false);
  EXPECT_EQ(host.del("/git/connection", ann).status, 200);
  EXPECT_EQ(host.del("/git/connection", ann).status, 200);
  EXPECT_EQ(host.get("/git/connection", ann).json()["connected"], false);
  EXPECT_TRUE(host.database.git_connections.empty());
}

TEST_F(GitRoutes, the_token_is_stored_sealed_and_shown_to_its_owner_only) {
  connect();
  const auto& stored = host.database.git_connections.begin()->second;
  EXPECT_THAT(stored.token, Not(HasSubstr("ghp_good")));
  EXPECT_THAT(host.get("/git/connection", ann).body, Not(HasSubstr("ghp_good")));
  const auto mine = host.get("/git/credentials", ann);
  EXPECT_EQ(mine.json()["password"], "ghp_good");
  EXPECT_EQ(mine.json()["username"], "ann-at-git");
  EXPECT_EQ(mine.header("cache-control"), "private, no-store");
  EXPECT_EQ(host.get("/git/credentials", bob).status, 404);
  EXPECT_EQ(
      host.get("/git/credentials", host.bearer("ann", {.rights = TokenRights::publish})).status,
      403);
  auto moved = stored;
  moved.user = host.user("bob").id;
  host.database.git_connections.emplace(moved.user, moved);
  EXPECT_EQ(host.get("/git/credentials", bob).status, 403);
}

TEST_F(GitRoutes, tokens_that_the_host_refuses_or_that_are_none_are_not_kept) {
  EXPECT_EQ(connect("ghp_bad").status, 403);
  for (const auto& text : {std::string(), std::string("a b"), std::string(513, 'x')})
    EXPECT_EQ(connect(text).status, 400) << text;
  EXPECT_TRUE(host.database.git_connections.empty());
}

TEST_F(GitRoutes, a_repository_is_made_once_for_each_course) {
  connect();
  const auto first = ensure();
  ASSERT_EQ(first.status, 200) << first.body;
  EXPECT_EQ(first.json()["repoUrl"], "https://git.test/ann-at-git/progy-diego-rust.git");
  EXPECT_EQ(first.json()["htmlUrl"], "https://git.test/ann-at-git/progy-diego-rust");
  EXPECT_EQ(first.json()["isNew"], true);
  EXPECT_EQ(ensure("@diego-rust").json()["isNew"], false);
}

TEST_F(GitRoutes, without_a_connection_404_and_with_an_old_token_403) {
  const auto missing = ensure();
  EXPECT_EQ(missing.status, 404);
  EXPECT_EQ(missing.header("kontor-error-code"), "not_found");
  connect();
  git.good = "ghp_newer";
  const auto old = ensure();
  EXPECT_EQ(old.status, 403);
  EXPECT_EQ(old.header("kontor-error-code"), "forbidden");
}

TEST_F(GitRoutes, course_ids_are_names_and_nothing_else) {
  connect();
  for (const auto& course : {std::string(), std::string("a/b"), std::string(".."), std::string("@"),
                             std::string(91, 'a'), std::string("a b")})
    EXPECT_EQ(ensure(course).status, 400) << course;
  EXPECT_TRUE(git.made.empty());
}

TEST_F(GitRoutes, nothing_is_connected_where_no_host_is_configured) {
  service.host = nullptr;
  EXPECT_EQ(connect().status, 501);
  EXPECT_EQ(ensure().status, 501);
}

}  // namespace
}  // namespace kontor::test
