// The device grant from the program's start to its token, and the page a person sees.
#include "adapters/memory/device_login_store.h"
#include "base/encoding.h"
#include "registry/device_login/routes.h"
#include "tests/support/account_host.h"

#include <gmock/gmock.h>

namespace kontor::test {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr const char* kGrant = "urn:ietf:params:oauth:grant-type:device_code";

std::string between(const std::string& text, const std::string& before, const std::string& after) {
  const auto from = text.find(before);
  if (from == text.npos) return {};
  const auto start = from + before.size();
  return text.substr(start, text.find(after, start) - start);
}

struct DeviceLoginRoutes : testing::Test {
  DeviceLoginRoutes() {
    host.asked = &gateway;
    host.add_user("alice", "correct horse");
    start();
  }
  Reply ask(const std::string& path, const std::string& form, std::string address = "192.0.2.1") {
    return host.send({http::Method::post,
                      path,
                      {{"content-type", "application/x-www-form-urlencoded"}},
                      form,
                      std::move(address)});
  }
  Reply start() {
    auto reply = ask("/auth/device/code", "client_id=progy-cli&scope=openid");
    if (reply.status == 200) {
      device_code = reply.json()["device_code"];
      user_code = reply.json()["user_code"];
    }
    return reply;
  }
  Reply poll(const std::string& client = "progy-cli") {
    return ask("/auth/device/token", "grant_type=" + percent_encode(kGrant) +
                                         "&device_code=" + device_code + "&client_id=" + client);
  }
  std::string poll_error() {
    const auto reply = poll();
    EXPECT_EQ(reply.status, 400);
    EXPECT_FALSE(reply.json()["error_description"].empty());
    return reply.json()["error"];
  }
  std::string page() { return "/device?user_code=" + user_code; }
  Reply submit(const std::string& fields) {
    const auto token = between(host.get(page()).body, "name=\"form\" value=\"", "\"");
    return ask("/device", "form=" + token + "&user_code=" + user_code + "&" + fields);
  }
  Reply approve() { return submit("name=alice&password=correct+horse&decision=approve"); }

  AccountHost host;
  memory::DeviceLoginStore logins{host.database};
  DeviceService service{host.registry, logins};
  RouteTable<DeviceService> routes{"device-login", device_routes(), service, oauth_error};
  Gateway gateway{host.registry, {{&routes, false}, {&host.npm_routes, true}}};
  std::string device_code, user_code;
};

TEST_F(DeviceLoginRoutes, a_start_answers_what_rfc_8628_names) {
  const auto reply = start();
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.header("cache-control"), "private, no-store");
  const auto body = reply.json();
  EXPECT_EQ(body["verification_uri"], "http://registry.test:4873/device");
  EXPECT_EQ(body["verification_uri_complete"],
            "http://registry.test:4873/device?user_code=" + user_code);
  EXPECT_EQ(body["expires_in"], 900);
  EXPECT_EQ(body["interval"], 5);
  EXPECT_THAT(user_code, testing::MatchesRegex("[B-Z]{4}-[B-Z]{4}"));
  EXPECT_EQ(device_code.size(), 40u);
  EXPECT_THAT(host.everything_stored(), Not(HasSubstr(device_code)));
}

TEST_F(DeviceLoginRoutes, json_is_taken_as_well) {
  const auto reply = host.send({http::Method::post,
                                "/auth/device/code",
                                {{"content-type", "application/json"}},
                                R"({"client_id":"progy-cli","scope":"openid"})"});
  ASSERT_EQ(reply.status, 200);
  const nlohmann::json body = {{"grant_type", kGrant},
                               {"device_code", reply.json()["device_code"]},
                               {"client_id", "progy-cli"}};
  const auto waiting = host.send({http::Method::post,
                                  "/auth/device/token",
                                  {{"content-type", "application/json"}},
                                  body.dump()});
  EXPECT_EQ(waiting.json()["error"], "authorization_pending");
}

TEST_F(DeviceLoginRoutes, polls_wait_until_the_form_is_sent_then_yield_one_token) {
  EXPECT_EQ(poll_error(), "authorization_pending");
  const auto approved = approve();
  EXPECT_EQ(approved.status, 200);
  EXPECT_THAT(approved.body, HasSubstr("<strong>alice</strong>"));
  const auto reply = poll();
  ASSERT_EQ(reply.status, 200) << reply.body;
  EXPECT_EQ(reply.header("cache-control"), "private, no-store");
  const auto body = reply.json();
  EXPECT_EQ(body["token_type"], "Bearer");
  const auto token = body["access_token"].get<std::string>();
  EXPECT_EQ(host.get("/-/whoami", "Bearer " + token).json()["username"], "alice");
  EXPECT_THAT(approved.body, Not(HasSubstr(token)));
  EXPECT_EQ(poll_error(), "invalid_grant");
  EXPECT_THAT(host.audited(), testing::Contains("approve_device_login"));
}

TEST_F(DeviceLoginRoutes, a_poll_too_soon_is_told_to_slow_down) {
  EXPECT_EQ(poll_error(), "authorization_pending");
  host.clock.advance(seconds(1));
  const auto early = poll();
  EXPECT_EQ(early.json()["error"], "slow_down");
  EXPECT_EQ(early.header("retry-after"), "10");
  host.clock.advance(seconds(9));
  EXPECT_EQ(poll_error(), "authorization_pending");
}

TEST_F(DeviceLoginRoutes, a_refusal_reaches_the_program_once_and_needs_no_login) {
  const auto refused = submit("decision=deny");
  EXPECT_EQ(refused.status, 200);
  EXPECT_EQ(host.passwords.verified, 0);
  EXPECT_EQ(poll_error(), "access_denied");
  EXPECT_EQ(poll_error(), "invalid_grant");
  EXPECT_THAT(host.audited(), testing::Contains("deny_device_login"));
}

TEST_F(DeviceLoginRoutes, an_expired_login_says_so_and_cannot_be_approved) {
  host.clock.advance(kDeviceLoginLife);
  EXPECT_EQ(host.get(page()).status, 404);
  EXPECT_EQ(poll_error(), "expired_token");
}

TEST_F(DeviceLoginRoutes, a_request_that_lacks_a_field_or_asks_for_another_grant_is_refused) {
  EXPECT_EQ(ask("/auth/device/code", "").json()["error"], "invalid_request");
  EXPECT_EQ(ask("/auth/device/code", "client_id=" + std::string(65, 'a')).status, 400);
  EXPECT_EQ(ask("/auth/device/code", "client_id=%3Cb%3E").status, 400);
  EXPECT_EQ(ask("/auth/device/token", "grant_type=" + percent_encode(kGrant)).json()["error"],
            "invalid_request");
  EXPECT_EQ(
      ask("/auth/device/token", "grant_type=password&device_code=a&client_id=b").json()["error"],
      "unsupported_grant_type");
  EXPECT_EQ(poll("another-cli").json()["error"], "invalid_grant");
}

TEST_F(DeviceLoginRoutes, as_many_as_may_wait_then_429) {
  Reply reply;
  for (std::uint32_t i = 0; i <= kDeviceLoginLimits.per_client; ++i) reply = start();
  EXPECT_EQ(reply.status, 429);
  EXPECT_GT(std::stoi(reply.header("retry-after")), 0);
  EXPECT_LE(host.database.device_logins.size(), kDeviceLoginLimits.per_client);
  EXPECT_EQ(ask("/auth/device/code", "client_id=progy-cli", "192.0.2.2").status, 200);
}

TEST_F(DeviceLoginRoutes, guessing_codes_is_bounded_for_an_address) {
  for (int i = 0; i < 10; ++i) EXPECT_EQ(host.get("/device?user_code=BBBB-BBBB").status, 404);
  EXPECT_EQ(host.get(page()).status, 429);
  EXPECT_EQ(host.send({http::Method::get, page(), {}, {}, "192.0.2.9"}).status, 200);
  for (int i = 0; i < 20; ++i)
    EXPECT_EQ(host.send({http::Method::get, "/device?user_code=none", {}, {}, "192.0.2.9"}).status,
              404);
  EXPECT_EQ(host.send({http::Method::get, page(), {}, {}, "192.0.2.9"}).status, 200);
}

TEST_F(DeviceLoginRoutes, the_page_shows_who_asks_and_is_kept_framed_and_fed_by_nobody) {
  const auto first = host.get("/device");
  EXPECT_EQ(first.status, 200);
  EXPECT_THAT(first.body, HasSubstr("name=\"user_code\""));
  const auto reply = host.get(page());
  EXPECT_THAT(reply.body, HasSubstr("<strong>progy-cli</strong>, running at 192.0.2.1"));
  EXPECT_THAT(reply.body, HasSubstr(user_code));
  EXPECT_EQ(reply.header("cache-control"), "private, no-store");
  EXPECT_EQ(reply.header("x-frame-options"), "DENY");
  EXPECT_EQ(reply.header("referrer-policy"), "no-referrer");
  EXPECT_THAT(reply.header("content-security-policy"), StartsWith("default-src 'none';"));
  EXPECT_THAT(reply.body, Not(HasSubstr("<script")));
}

TEST_F(DeviceLoginRoutes, a_wrong_password_shows_the_form_again_and_decides_nothing) {
  const auto refused = submit("name=%22%3E%3Cscript%3E&password=wrong&decision=approve");
  EXPECT_EQ(refused.status, 401);
  EXPECT_EQ(refused.header("kontor-error-code"), "invalid_password");
  EXPECT_THAT(refused.body, HasSubstr("&quot;&gt;&lt;script&gt;"));
  EXPECT_THAT(refused.body, Not(HasSubstr("<script")));
  EXPECT_EQ(poll_error(), "authorization_pending");
}

TEST_F(DeviceLoginRoutes, forms_without_the_pages_token_are_refused_unread) {
  for (const char* token : {"", "0000"}) {
    const auto reply = ask("/device", "form=" + std::string(token) + "&user_code=" + user_code +
                                          "&name=alice&password=correct+horse&decision=approve");
    EXPECT_EQ(reply.status, 403) << token;
  }
  EXPECT_EQ(host.passwords.verified, 0);
  EXPECT_EQ(ask("/device", std::string(20'000, 'x')).status, 413);
}

TEST_F(DeviceLoginRoutes, the_second_factor_is_a_field_of_the_form) {
  host.add_two_factor("alice", TwoFactorMode::auth_only);
  EXPECT_EQ(approve().status, 401);
  EXPECT_EQ(
      submit("name=alice&password=correct+horse&decision=approve&otp=" + host.one_time_password())
          .status,
      200);
  EXPECT_EQ(poll().status, 200);
}

TEST_F(DeviceLoginRoutes, an_account_that_went_between_approval_and_poll_gets_nothing) {
  approve();
  ASSERT_TRUE(host.run(host.accounts.remove_user(host.user("alice").id)));
  EXPECT_EQ(poll_error(), "access_denied");
}

TEST_F(DeviceLoginRoutes, the_session_names_its_user_until_it_is_signed_out) {
  const auto bearer = host.bearer("alice");
  const auto session = host.get("/auth/get-session", bearer);
  ASSERT_EQ(session.status, 200);
  EXPECT_EQ(session.json()["user"]["username"], "alice");
  EXPECT_EQ(session.json()["user"]["email"], "alice@example.org");
  EXPECT_EQ(host.get("/auth/get-session").status, 401);
  EXPECT_EQ(host.get("/auth/get-session").json()["error"], "invalid_token");
  EXPECT_EQ(host.post("/auth/sign-out", "", bearer).status, 200);
  EXPECT_EQ(host.get("/auth/get-session", bearer).status, 401);
  EXPECT_EQ(host.post("/auth/sign-out", "", bearer).json()["success"], true);
}

TEST_F(DeviceLoginRoutes, where_logins_are_signed_sessions_so_is_this_one) {
  host.change_settings([](Settings& s) { s.accounts.session_key = std::string(32, 'k'); });
  approve();
  const auto body = poll().json();
  EXPECT_EQ(body["expires_in"], 7 * 86'400);
  const auto bearer = "Bearer " + body["access_token"].get<std::string>();
  host.clock.advance(seconds(1));
  EXPECT_EQ(host.get("/auth/get-session", bearer).status, 200);
  EXPECT_EQ(host.post("/auth/sign-out", "", bearer).status, 200);
  EXPECT_EQ(host.get("/auth/get-session", bearer).status, 401);
}

TEST_F(DeviceLoginRoutes, nothing_is_started_where_the_registry_takes_no_writes) {
  host.change_settings([](Settings& s) { s.policy.read_only = true; });
  EXPECT_EQ(start().status, 503);
}

}  // namespace
}  // namespace kontor::test
