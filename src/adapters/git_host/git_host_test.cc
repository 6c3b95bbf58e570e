// What is asked of a git host, and what its answers mean.
#include "adapters/git_host/api_git_host.h"
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

}  // namespace
}  // namespace kontor
