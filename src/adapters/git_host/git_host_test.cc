// What is asked of a git host, and what its answers mean.
#include "adapters/git_host/api_git_host.h"
#include "adapters/git_host/web_git_login.h"
#include "base/json.h"
#include "tests/support/fake_http_caller.h"
#include "tests/support/test_loop.h"

#include <gmock/gmock.h>

namespace kontor {
namespace {

const HttpReply kRepository{200, R"({"clone_url":"https://git.test/ann/progy-x.git",
    "html_url":"https://git.test/ann/progy-x"})"};

struct GitHostApi : testing::Test {
  test::FakeHttpCaller caller;
  ApiGitHost host{caller, "https://git.test/api/v1"};
  test::TestLoop loop;

  Result<GitRepository> ensure() {
    return loop.run(host.ensure_repository("secret", "ann", "progy-x"));
  }
};

TEST_F(GitHostApi, the_login_is_that_of_the_token) {
  caller.replies = {{200, R"({"login":"ann"})"}};
  EXPECT_EQ(loop.run(host.login_of("secret")).value(), "ann");
  EXPECT_EQ(caller.calls[0].url, "https://git.test/api/v1/user");
  EXPECT_EQ(caller.header(0, "authorization"), "token secret");
}

TEST_F(GitHostApi, a_repository_that_is_there_is_not_made_again) {
  caller.replies = {kRepository};
  const auto found = ensure();
  ASSERT_TRUE(found);
  EXPECT_FALSE(found->is_new);
  EXPECT_EQ(found->clone_url, "https://git.test/ann/progy-x.git");
  EXPECT_EQ(caller.calls.size(), 1u);
  EXPECT_EQ(caller.calls[0].url, "https://git.test/api/v1/repos/ann/progy-x");
}

TEST_F(GitHostApi, one_that_is_missing_is_made_private_and_empty) {
  caller.replies = {{404, "{}"}, {201, kRepository.body}};
  const auto made = ensure();
  ASSERT_TRUE(made);
  EXPECT_TRUE(made->is_new);
  EXPECT_EQ(caller.calls[1].method, "POST");
  const auto wish = parse_json(caller.calls[1].body).value();
  EXPECT_EQ(wish, (Json{{"name", "progy-x"}, {"private", true}, {"auto_init", false}}));
}

TEST_F(GitHostApi, one_that_was_made_meanwhile_is_taken_as_it_is) {
  for (const int taken : {409, 422}) {
    caller.replies = {{404, "{}"}, {taken, "{}"}, kRepository};
    const auto found = ensure();
    ASSERT_TRUE(found) << taken;
    EXPECT_FALSE(found->is_new);
  }
}

TEST_F(GitHostApi, a_token_that_is_not_taken_is_told_from_a_host_that_fails) {
  for (const auto& [status, code] :
       {std::pair(401, Code::forbidden), std::pair(403, Code::forbidden),
        std::pair(500, Code::unavailable), std::pair(302, Code::unavailable)}) {
    caller.replies = {{status, "{}"}};
    EXPECT_EQ(ensure().error().code, code) << status;
    caller.replies = {{status, "{}"}};
    EXPECT_EQ(loop.run(host.login_of("secret")).error().code, code) << status;
  }
  caller.replies = {{404, "{}"}, {403, "{}"}};
  EXPECT_EQ(ensure().error().code, Code::forbidden);
}

TEST_F(GitHostApi, an_answer_that_is_no_repository_is_not_passed_on) {
  for (const auto* body :
       {"", "[]", "{}", R"({"clone_url":"ext::sh -c id","html_url":"https://x"})",
        R"({"clone_url":"https://x","html_url":"javascript:1"})"}) {
    caller.replies = {{200, body}};
    EXPECT_EQ(ensure().error().code, Code::unavailable) << body;
  }
}

struct GitLogins : testing::Test {
  test::FakeHttpCaller caller;
  WebGitLogin gitea{caller, "https://git.test/base/api/v1", {"an id", "s&cret"}};
  test::TestLoop loop;

  Result<std::string> token() {
    return loop.run(gitea.token_for({"a code", "verifier", "https://kontor.test/git/callback"}));
  }
};

TEST_F(GitLogins, the_page_is_the_hosts_and_gets_state_and_challenge) {
  EXPECT_EQ(gitea.page({"https://kontor.test/back", "st", "ch"}),
            "https://git.test/base/login/oauth/authorize?response_type=code&client_id=an%20id"
            "&redirect_uri=https%3A%2F%2Fkontor.test%2Fback&scope=write%3Arepository%20write%3Auser"
            "&state=st&code_challenge=ch&code_challenge_method=S256");
  const WebGitLogin github(caller, "https://api.github.com", {"id", "secret"});
  const auto page = github.page({"https://kontor.test/back", "st", "ch"});
  EXPECT_TRUE(page.starts_with("https://github.com/login/oauth/authorize?")) << page;
  EXPECT_THAT(page, testing::HasSubstr("&scope=repo&"));
  const WebGitLogin own(caller, "https://ghe.test/api/v3", {"id", "secret"});
  EXPECT_TRUE(own.page({}).starts_with("https://ghe.test/login/oauth/authorize?"));
}

TEST_F(GitLogins, the_code_becomes_a_token_by_secret_and_verifier) {
  caller.replies = {{200, R"({"access_token":"tok","token_type":"bearer"})"}};
  EXPECT_EQ(token().value(), "tok");
  EXPECT_EQ(caller.calls[0].method, "POST");
  EXPECT_EQ(caller.calls[0].url, "https://git.test/base/login/oauth/access_token");
  EXPECT_EQ(caller.calls[0].body,
            "grant_type=authorization_code&client_id=an%20id&client_secret=s%26cret&code=a%20code"
            "&redirect_uri=https%3A%2F%2Fkontor.test%2Fgit%2Fcallback&code_verifier=verifier");
}

TEST_F(GitLogins, what_the_host_refuses_is_forbidden_and_what_it_cannot_say_unavailable) {
  // GitHub's way, then that of the others.
  caller.replies = {{200, R"({"error":"bad_verification_code"})"}, {400, R"({"error":"x"})"}};
  EXPECT_EQ(token().error().code, Code::forbidden);
  EXPECT_EQ(token().error().code, Code::forbidden);
  caller.replies = {{502, "<html>"}, {200, "[]"}, {200, R"({"access_token":7})"}};
  for (int i = 0; i < 3; ++i) EXPECT_EQ(token().error().code, Code::unavailable);
}

}  // namespace
}  // namespace kontor
