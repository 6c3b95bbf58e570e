// The browser login from the client's start to its token, and the page a person sees.
#include "base/encoding.h"
#include "base/sha256.h"
#include "formats/npm/account_routes.h"
#include "formats/npm/login_page.h"
#include "registry/web_login.h"
#include "tests/support/account_host.h"

#include <gmock/gmock.h>

namespace kontor::npm {
namespace {

using test::AccountHost;
using test::Reply;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr std::string_view kBase = "http://registry.test:4873";

// The path of one of our URLs.
std::string path_of(const std::string& url) {
  EXPECT_TRUE(url.starts_with(kBase)) << url;
  return url.substr(kBase.size());
}

std::string between(const std::string& text, const std::string& before, const std::string& after) {
  const auto from = text.find(before);
  if (from == text.npos) return {};
  const auto start = from + before.size();
  return text.substr(start, text.find(after, start) - start);
}

struct WebLoginRoutes : testing::Test {
  WebLoginRoutes() {
    host.add_user("alice", "correct horse");
    start("{}");
  }
  Reply start(const char* body) {
    const auto reply = host.post("/-/v1/login", body);
    if (reply.status == 200) {
      page = path_of(reply.json()["loginUrl"]);
      done = path_of(reply.json()["doneUrl"]);
    }
    return reply;
  }
  std::string form_token() { return between(host.get(page).body, "name=\"form\" value=\"", "\""); }
  Reply submit(const std::string& fields) {
    return host.post(page, "form=" + form_token() + "&" + fields);
  }
  AccountHost host;
  std::string page, done;
};

TEST_F(WebLoginRoutes, start_answers_two_absolute_urls_below_the_prefix_asked) {
  for (const char* body : {"", "{}", R"({"create":false})"}) EXPECT_EQ(start(body).status, 200);
  const auto reply = host.post("/npm/-/v1/login", "{}").json();
  EXPECT_THAT(reply["loginUrl"], StartsWith("http://registry.test:4873/npm/-/login/"));
  EXPECT_THAT(reply["doneUrl"], StartsWith("http://registry.test:4873/npm/-/v1/done/"));
}

TEST_F(WebLoginRoutes, polls_wait_with_json_until_the_form_is_sent_then_yield_one_token) {
  const auto waiting = host.get(done);
  EXPECT_EQ(waiting.status, 202);
  EXPECT_EQ(waiting.body, "{}");
  EXPECT_EQ(waiting.header("retry-after"), "1");
  EXPECT_EQ(waiting.header("cache-control"), "private, no-store");

  const auto approved = submit("name=alice&password=correct+horse");
  EXPECT_EQ(approved.status, 200);
  EXPECT_THAT(approved.body, HasSubstr("<strong>alice</strong>"));

  const auto finished = host.get(done, "Bearer npm_stale");
  EXPECT_EQ(finished.status, 200);
  const auto token = finished.json()["token"].get<std::string>();
  EXPECT_EQ(host.get("/-/whoami", "Bearer " + token).json()["username"], "alice");
  EXPECT_EQ(host.get(done).status, 404);
  EXPECT_THAT(approved.body, Not(HasSubstr(token)));
}

TEST_F(WebLoginRoutes, starting_without_end_answers_429_with_retry_after) {
  Reply reply;
  for (std::uint32_t i = 0; i <= kWebLoginLimits.per_client; ++i)
    reply = host.post("/-/v1/login", "{}");
  EXPECT_EQ(reply.status, 429);
  EXPECT_GT(std::stoi(reply.header("retry-after")), 0);
  EXPECT_LE(host.database.web_logins.size(), kWebLoginLimits.per_client);
}

TEST_F(WebLoginRoutes, a_head_request_does_not_use_up_the_token) {
  submit("name=alice&password=correct+horse");
  EXPECT_EQ(host.send({http::Method::head, done}).status, 202);
  EXPECT_EQ(host.get(done).status, 200);
}

TEST_F(WebLoginRoutes, unknown_and_expired_logins_are_404) {
  EXPECT_EQ(host.get("/-/v1/done/unknown").status, 404);
  const auto gone = host.get("/-/login/unknown");
  EXPECT_EQ(gone.status, 404);
  EXPECT_THAT(gone.header("content-type"), StartsWith("text/html"));
  EXPECT_THAT(gone.body, Not(HasSubstr("<form")));
  const auto body = "form=" + form_token() + "&name=alice&password=correct+horse";
  host.clock.advance(minutes(5));
  EXPECT_EQ(host.get(page).status, 404);
  EXPECT_EQ(host.post(page, body).status, 404);
  EXPECT_EQ(host.get(done).status, 404);
}

TEST_F(WebLoginRoutes, the_page_is_kept_framed_and_fed_by_nobody) {
  const auto reply = host.get(page);
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.header("cache-control"), "private, no-store");
  EXPECT_EQ(reply.header("referrer-policy"), "no-referrer");
  EXPECT_EQ(reply.header("x-frame-options"), "DENY");
  const auto policy = reply.header("content-security-policy");
  EXPECT_THAT(policy, StartsWith("default-src 'none'; style-src 'sha256-"));
  EXPECT_THAT(policy, HasSubstr("form-action 'self'; frame-ancestors 'none'; base-uri 'none'"));
  EXPECT_THAT(policy, HasSubstr(sha256(between(reply.body, "<style>", "</style>")).base64()));
  EXPECT_THAT(reply.body, Not(HasSubstr("<script")));
}

TEST_F(WebLoginRoutes, a_refused_try_shows_the_form_again_with_the_reason) {
  const auto refused = submit("name=alice&password=wrong");
  EXPECT_EQ(refused.status, 401);
  EXPECT_EQ(refused.header("kontor-error-code"), "invalid_password");
  EXPECT_THAT(refused.body, HasSubstr("User name and password do not match."));
  EXPECT_THAT(refused.body, HasSubstr("value=\"alice\""));
  EXPECT_THAT(refused.body, Not(HasSubstr("wrong")));
  EXPECT_EQ(host.get(done).status, 202);
  EXPECT_EQ(submit("name=alice&password=correct+horse").status, 200);
}

TEST_F(WebLoginRoutes, names_from_outside_cannot_become_markup) {
  const auto reply =
      submit("name=" + percent_encode("\"><script>alert('1')&</script>") + "&password=x");
  EXPECT_THAT(reply.body, Not(HasSubstr("<script")));
  EXPECT_THAT(reply.body, HasSubstr("&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&amp;"));
}

TEST_F(WebLoginRoutes, forms_without_the_pages_token_are_refused_unread) {
  for (const char* token : {"", "form=&", "form=0000&"}) {
    const auto reply = host.post(page, std::string(token) + "name=alice&password=correct+horse");
    EXPECT_EQ(reply.status, 403) << token;
    EXPECT_EQ(host.passwords.verified, 0);
  }
  EXPECT_EQ(host.get(done).status, 202);
}

TEST_F(WebLoginRoutes, oversized_and_garbled_forms_are_refused) {
  EXPECT_EQ(host.post(page, std::string(20'000, 'x')).status, 413);
  EXPECT_EQ(host.post(page, "%zz=%%%&&&===").status, 403);
}

TEST_F(WebLoginRoutes, the_second_factor_is_a_field_of_the_form) {
  host.add_two_factor("alice", TwoFactorMode::auth_only);
  EXPECT_EQ(submit("name=alice&password=correct+horse").status, 401);
  EXPECT_EQ(submit("name=alice&password=correct+horse&otp=" + host.one_time_password()).status,
            200);
}

TEST_F(WebLoginRoutes, guessing_on_pages_is_bounded) {
  for (int i = 0; i < 10; ++i) {
    start("{}");
    EXPECT_EQ(submit("name=alice&password=guess").status, 401);
  }
  const auto reply = submit("name=alice&password=correct+horse");
  EXPECT_EQ(reply.status, 429);
  EXPECT_NE(reply.header("retry-after"), "");
}

TEST_F(WebLoginRoutes, registration_is_offered_where_it_is_open) {
  EXPECT_EQ(start(R"({"create":true})").status, 403);
  EXPECT_THAT(host.get(page + "?create=1").body, Not(HasSubstr("Create an account")));
  host.change_settings([](Settings& s) { s.accounts.allow_registration = true; });
  EXPECT_EQ(start(R"({"create":true})").status, 200);
  EXPECT_THAT(page, HasSubstr("?create=1"));
  EXPECT_THAT(host.get(page).body, HasSubstr("name=\"email\""));
  EXPECT_EQ(submit("name=bob&email=bob%40example.org&password=battery+staple").status, 200);
  EXPECT_EQ(host.user("bob").email, "bob@example.org");
  EXPECT_EQ(host.get(done).status, 200);
}

}  // namespace
}  // namespace kontor::npm
