// Logins, identity and logout as npm, yarn and pnpm ask for them.
#include "formats/npm/account_routes.h"

#include "tests/support/account_host.h"

#include <gmock/gmock.h>

namespace kontor::npm {
namespace {

using nlohmann::ordered_json;
using test::AccountHost;
using test::basic;
using test::Reply;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kAlice = "/-/user/org.couchdb.user:alice";

std::string couch(const std::string& name, const std::string& password,
                  const char* email = nullptr) {
  ordered_json body = {{"_id", "org.couchdb.user:" + name},
                       {"name", name},
                       {"password", password},
                       {"type", "user"},
                       {"roles", ordered_json::array()},
                       {"date", "2026-11-20T00:00:00.000Z"}};
  if (email) body["email"] = email;
  return body.dump();
}

void expect_error(const Reply& reply, int status, const char* code) {
  EXPECT_EQ(reply.status, status) << reply.body;
  EXPECT_EQ(reply.header("kontor-error-code"), code);
  const auto body = reply.json();
  ASSERT_TRUE(body.is_object() && body["error"].is_string()) << reply.body;
  EXPECT_EQ(body["error"], body["message"]);
}

struct LoginRoutes : testing::Test {
  LoginRoutes() { host.add_user("alice", "correct horse"); }
  AccountHost host;
};

TEST_F(LoginRoutes, couch_login_answers_201_with_a_token_that_works) {
  const auto reply = host.put(kAlice, couch("alice", "correct horse"));
  EXPECT_EQ(reply.status, 201);
  EXPECT_EQ(reply.header("cache-control"), "private, no-store");
  const auto body = reply.json();
  EXPECT_EQ(body["ok"], true);
  EXPECT_EQ(body["id"], "org.couchdb.user:alice");
  ASSERT_TRUE(body["token"].is_string());
  const auto who = host.get("/-/whoami", "Bearer " + body["token"].get<std::string>());
  EXPECT_EQ(who.status, 200);
  EXPECT_EQ(who.body, R"({"username":"alice"})");
  EXPECT_EQ(who.header("cache-control"), "private, no-store");
}

TEST_F(LoginRoutes, works_below_a_prefix_and_with_an_encoded_colon) {
  EXPECT_EQ(
      host.put("/npm/-/user/org.couchdb.user%3Aalice", couch("alice", "correct horse")).status,
      201);
}

TEST_F(LoginRoutes, a_stale_credential_does_not_stand_in_the_way) {
  for (const auto& stale : {std::string("Bearer npm_stale"), basic("alice", "old"),
                            std::string("Bearer"), std::string("Nonsense x")}) {
    EXPECT_EQ(host.put(kAlice, couch("alice", "correct horse"), stale).status, 201) << stale;
    EXPECT_EQ(host.post("/-/v1/login", "{}", stale).status, 200) << stale;
  }
  EXPECT_EQ(host.passwords.verified, 4) << "the header is not even looked at";
}

TEST_F(LoginRoutes, the_revision_form_of_older_clients_logs_in_too) {
  const auto user = host.get(std::string(kAlice) + "?write=true", host.bearer("alice")).json();
  ASSERT_TRUE(user["_rev"].is_string());
  const auto path = std::string(kAlice) + "/-rev/" + user["_rev"].get<std::string>();
  EXPECT_EQ(host.put(path, couch("alice", "correct horse"), basic("alice", "correct horse")).status,
            201);
}

TEST_F(LoginRoutes, a_wrong_password_is_401_without_a_challenge_so_that_npm_prints_why) {
  const auto reply = host.put(kAlice, couch("alice", "wrong"));
  expect_error(reply, 401, "invalid_password");
  EXPECT_EQ(reply.header("www-authenticate"), "");
  EXPECT_TRUE(host.database.tokens.empty());
}

TEST_F(LoginRoutes, malformed_logins_are_400) {
  for (const char* body :
       {"", "{", "[]", "null", "{}", R"({"password":7})", R"({"name":"bob","password":"x"})",
        R"({"password":"correct horse","email":1})", R"({"password":"a","password":"b"})"})
    EXPECT_EQ(host.put(kAlice, body).status, 400) << body;
  EXPECT_EQ(host.put("/-/user/alice", couch("alice", "correct horse")).status, 404);
  EXPECT_EQ(host.put(kAlice, std::string(70'000, ' ')).status, 413);
  EXPECT_TRUE(host.database.tokens.empty());
}

TEST_F(LoginRoutes, adduser_is_refused_while_closed_and_registers_while_open) {
  const auto body = couch("bob", "battery staple", "bob@example.org");
  expect_error(host.put("/-/user/org.couchdb.user:bob", body), 403, "registration_closed");
  host.change_settings([](Settings& s) { s.accounts.allow_registration = true; });
  EXPECT_EQ(host.put("/-/user/org.couchdb.user:bob", body).status, 201);
  EXPECT_EQ(host.user("bob").email, "bob@example.org");
  EXPECT_EQ(host.put("/-/user/org.couchdb.user:bob", body).status, 201) << "again is a login";
  expect_error(host.put(kAlice, couch("alice", "guess guess", "m@example.org")), 409,
               "user_exists");
  expect_error(host.put("/-/user/org.couchdb.user:Bob", couch("Bob", "battery staple", "b@c.org")),
               400, "invalid_name");
}

TEST_F(LoginRoutes, ask_for_the_one_time_password_the_way_clients_understand) {
  host.add_two_factor("alice", TwoFactorMode::auth_only);
  const auto asked = host.put(kAlice, couch("alice", "correct horse"));
  expect_error(asked, 401, "otp_required");
  EXPECT_EQ(asked.header("www-authenticate"), "OTP");
  EXPECT_THAT(asked.body, HasSubstr("one-time pass"));
  const auto with_otp = [&](const std::string& otp) {
    return host.send(
        {http::Method::put, kAlice, {{"npm-otp", otp}}, couch("alice", "correct horse")});
  };
  EXPECT_EQ(with_otp("000000").status, 401);
  const auto otp = host.one_time_password();
  EXPECT_EQ(with_otp(otp).status, 201);
  EXPECT_EQ(with_otp(otp).status, 401) << "used";
}

TEST_F(LoginRoutes, repeated_failures_answer_429_with_retry_after) {
  for (int i = 0; i < 10; ++i) EXPECT_EQ(host.put(kAlice, couch("alice", "wrong")).status, 401);
  const auto reply = host.put(kAlice, couch("alice", "correct horse"));
  expect_error(reply, 429, "rate_limited");
  EXPECT_GT(std::stoi(reply.header("retry-after")), 0);
}

TEST_F(LoginRoutes, no_answer_and_no_row_holds_the_password) {
  const auto reply = host.put(kAlice, couch("alice", "correct horse"));
  EXPECT_THAT(reply.body, Not(HasSubstr("correct horse")));
  const auto stored = host.everything_stored();
  EXPECT_THAT(stored, Not(HasSubstr("correct horse")));
  EXPECT_THAT(stored, Not(HasSubstr(reply.json()["token"].get<std::string>())));
}

TEST_F(LoginRoutes, users_are_shown_to_users_only) {
  EXPECT_EQ(host.get(kAlice).status, 401);
  host.add_user("bob", "correct horse");
  const auto seen = host.get(kAlice, host.bearer("bob"));
  EXPECT_EQ(seen.status, 200);
  const auto body = seen.json();
  EXPECT_EQ(body["_id"], "org.couchdb.user:alice");
  EXPECT_EQ(body["name"], "alice");
  EXPECT_EQ(body["email"], "alice@example.org");
  EXPECT_EQ(body["roles"], ordered_json::array());
  EXPECT_THAT(seen.body, Not(HasSubstr(host.user("alice").password_hash)));
  expect_error(host.get("/-/user/org.couchdb.user:nobody", host.bearer("bob")), 404, "not_found");
}

TEST_F(LoginRoutes, whoami_needs_a_live_credential) {
  expect_error(host.get("/-/whoami"), 401, "unauthenticated");
  const auto dead = host.get("/-/whoami", "Bearer npm_dead");
  expect_error(dead, 401, "invalid_credential");
  EXPECT_EQ(dead.header("www-authenticate"), "Bearer");
  EXPECT_EQ(host.get("/-/whoami", basic("alice", "correct horse")).status, 200);
}

TEST_F(LoginRoutes, logout_revokes_the_token_in_the_url_and_always_succeeds) {
  const auto token = host.add_token("alice", "correct horse");
  const auto reply = host.del("/-/user/token/" + token, "Bearer " + token);
  EXPECT_EQ(reply.status, 200);
  EXPECT_TRUE(reply.json()["ok"].is_string());
  EXPECT_EQ(host.get("/-/whoami", "Bearer " + token).status, 401);
  EXPECT_EQ(host.del("/-/user/token/" + token, "Bearer " + token).status, 200);
  EXPECT_EQ(host.del("/-/user/token/nonsense").status, 200);
}

TEST_F(LoginRoutes, other_methods_are_405_with_allow) {
  const auto reply = host.send({http::Method::put, "/-/whoami"});
  EXPECT_EQ(reply.status, 405);
  EXPECT_EQ(reply.header("allow"), "GET, HEAD");
}

}  // namespace
}  // namespace kontor::npm
