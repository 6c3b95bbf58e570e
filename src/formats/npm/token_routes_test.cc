// `npm token` and `npm profile` over HTTP.
#include "domain/totp.h"
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

constexpr const char* kTokens = "/-/npm/v1/tokens";
constexpr const char* kUser = "/-/npm/v1/user";

struct TokenRoutes : testing::Test {
  TokenRoutes() {
    host.add_user("alice", "correct horse");
    bearer = host.bearer("alice");
  }
  Reply create(const char* body) { return host.post(kTokens, body, bearer); }
  AccountHost host;
  std::string bearer;
};

TEST_F(TokenRoutes, create_answers_the_whole_token_once) {
  const auto reply = create(R"({"name":"ci","password":"correct horse","packages":["a"],
      "scopes":["@s"],"packages_and_scopes_permission":"read-write","expires":7,
      "cidr_whitelist":["10.0.0.0/8"],"bypass_2fa":true})");
  EXPECT_EQ(reply.status, 201);
  EXPECT_EQ(reply.header("cache-control"), "private, no-store");
  const auto token = reply.json();
  EXPECT_EQ(token["token"].get<std::string>().size(), 40u);
  EXPECT_GE(token["key"].get<std::string>().size(), 6u);
  EXPECT_EQ(token["name"], "ci");
  EXPECT_EQ(token["readonly"], false);
  EXPECT_EQ(token["cidr_whitelist"], ordered_json::array({"10.0.0.0/8"}));
  EXPECT_EQ(token["expires"], rfc3339(host.clock.now() + days(7)));
  EXPECT_EQ(token["created"], rfc3339(host.clock.now()));
  EXPECT_EQ(token["bypass_2fa"], true);
  EXPECT_EQ(token["permissions"], ordered_json::parse(R"([{"name":"package","action":"write"}])"));
  EXPECT_EQ(token["scopes"],
            ordered_json::parse(R"([{"type":"package","name":"a"},{"type":"scope","name":"@s"}])"));
  const auto list = host.get(kTokens, bearer);
  EXPECT_THAT(list.body, Not(HasSubstr(token["token"].get<std::string>())));
}

TEST_F(TokenRoutes, create_refuses_wrong_passwords_and_weak_callers) {
  EXPECT_EQ(create(R"({"name":"ci","password":"wrong"})").status, 401);
  EXPECT_EQ(create(R"({"name":"ci"})").status, 400);
  EXPECT_EQ(create("[]").status, 400);
  EXPECT_EQ(host.post(kTokens, R"({"password":"correct horse"})").status, 401);
  for (const auto rights : {TokenRights::read_only, TokenRights::publish}) {
    const auto weak = host.bearer("alice", {.rights = rights});
    EXPECT_EQ(host.post(kTokens, R"({"password":"correct horse"})", weak).status, 403);
  }
  const auto limited = host.bearer("alice", {.packages = {"a"}});
  EXPECT_EQ(host.post(kTokens, R"({"password":"correct horse"})", limited).status, 403);
}

TEST_F(TokenRoutes, old_clients_create_by_basic_and_get_a_full_token) {
  const auto reply =
      host.post(kTokens, R"({"password":"correct horse","readonly":false,"cidr_whitelist":[]})",
                basic("alice", "correct horse"));
  ASSERT_EQ(reply.status, 201);
  const auto token = "Bearer " + reply.json()["token"].get<std::string>();
  EXPECT_EQ(host.post(kUser, R"({"fullname":"Alice"})", token).status, 200);
  EXPECT_EQ(reply.json()["cidr_whitelist"], nullptr);
}

TEST_F(TokenRoutes, a_read_only_token_reads_but_changes_nothing) {
  const auto reply = create(R"({"password":"correct horse","readonly":true})");
  ASSERT_EQ(reply.status, 201);
  EXPECT_EQ(reply.json()["readonly"], true);
  const auto token = "Bearer " + reply.json()["token"].get<std::string>();
  EXPECT_EQ(host.get(kTokens, token).status, 200);
  EXPECT_EQ(host.get(kUser, token).status, 200);
  EXPECT_EQ(host.post(kUser, "{}", token).status, 403);
  EXPECT_EQ(
      host.del(std::string(kTokens) + "/token/" + reply.json()["key"].get<std::string>(), token)
          .status,
      403);
}

TEST_F(TokenRoutes, list_pages_follow_each_other_without_the_prefix) {
  for (int i = 0; i < 24; ++i) host.add_token("alice", "correct horse");
  std::set<std::string> keys;
  std::string next = kTokens;
  int pages = 0;
  while (!next.empty() && pages < 10) {
    const auto reply = host.get("/npm" + next, bearer);
    ASSERT_EQ(reply.status, 200);
    const auto body = reply.json();
    EXPECT_EQ(body["total"], 25);
    for (const auto& token : body["objects"]) keys.insert(token["key"].get<std::string>());
    next = body["urls"].value("next", "");
    EXPECT_TRUE(next.empty() || next.starts_with("/-/npm/v1/tokens?")) << next;
    ++pages;
  }
  EXPECT_EQ(pages, 3);
  EXPECT_EQ(keys.size(), 25u);
}

TEST_F(TokenRoutes, list_survives_hostile_page_numbers) {
  for (const char* query : {"page=-1", "page=x&perPage=y", "page=99999999999999999999",
                            "page=4294967295&perPage=4294967295", "perPage=0", "page=1e3"}) {
    const auto reply = host.get(std::string(kTokens) + "?" + query, bearer);
    EXPECT_EQ(reply.status, 200) << query;
    EXPECT_EQ(reply.json()["total"], 1) << query;
  }
}

TEST_F(TokenRoutes, a_listed_token_shows_the_beginning_of_its_text) {
  const auto created = create(R"({"password":"correct horse"})").json();
  const auto listed = host.get(kTokens, bearer).json()["objects"];
  const auto found = std::ranges::find_if(
      listed, [&](const auto& token) { return token["key"] == created["key"]; });
  ASSERT_NE(found, listed.end());
  const auto shown = (*found)["token"].get<std::string>();
  EXPECT_TRUE(created["token"].get<std::string>().starts_with(shown));
  EXPECT_LE(shown.size(), 10u);
}

TEST_F(TokenRoutes, tokens_are_revoked_by_key_and_by_text) {
  for (const char* by : {"key", "token"}) {
    const auto created = create(R"({"password":"correct horse"})").json();
    const auto path = std::string(kTokens) + "/token/" + created[by].get<std::string>();
    const auto reply = host.del(path, bearer);
    EXPECT_EQ(reply.status, 204);
    EXPECT_EQ(reply.body, "");
    EXPECT_EQ(host.get("/-/whoami", "Bearer " + created["token"].get<std::string>()).status, 401);
    EXPECT_EQ(host.del(path, bearer).status, 404);
  }
}

TEST_F(TokenRoutes, profile_shows_all_fields_npm_reads) {
  EXPECT_EQ(host.get(kUser).status, 401);
  const auto body = host.get(kUser, bearer).json();
  EXPECT_EQ(body["name"], "alice");
  EXPECT_EQ(body["email"], "alice@example.org");
  EXPECT_EQ(body["email_verified"], false);
  EXPECT_EQ(body["tfa"], nullptr);
  for (const char* name : {"fullname", "homepage", "freenode", "twitter", "github"})
    EXPECT_EQ(body[name], "") << name;
  for (const char* name : {"created", "updated", "cidr_whitelist"})
    EXPECT_TRUE(body.contains(name));
  EXPECT_FALSE(body.contains("error"));
}

TEST_F(TokenRoutes, profile_changes_what_is_sent_and_clears_by_null_or_empty) {
  const auto set = host.post(
      kUser, R"({"email":"new@example.org","fullname":"Alice","github":"a","twitter":null})",
      bearer);
  EXPECT_EQ(set.status, 200);
  EXPECT_EQ(set.json()["email"], "new@example.org");
  EXPECT_EQ(set.json()["fullname"], "Alice");
  EXPECT_EQ(host.post(kUser, R"({"fullname":null})", bearer).json()["fullname"], "");
  EXPECT_EQ(host.get(kUser, bearer).json()["github"], "a");
  EXPECT_EQ(host.post(kUser, R"({"github":""})", bearer).json()["github"], "");
  EXPECT_EQ(host.get(kUser, bearer).json()["email"], "new@example.org");
}

TEST_F(TokenRoutes, profile_refuses_bad_values_and_changes_nothing) {
  const std::string big = R"({"fullname":")" + std::string(600, 'x') + "\"}";
  for (const std::string& body :
       {std::string(R"({"email":"nobody"})"), std::string(R"({"fullname":7})"), big,
        std::string(R"({"password":"new password"})"), std::string(R"({"password":{"old":"x"}})"),
        std::string(R"({"tfa":7})"), std::string(R"({"tfa":{"mode":"auth-only"}})"),
        std::string(R"({"tfa":{"password":"correct horse","mode":"sometimes"}})")})
    EXPECT_GE(host.post(kUser, body, bearer).status, 400) << body;
  EXPECT_EQ(host.user("alice").email, "alice@example.org");
  EXPECT_EQ(host.user("alice").two_factor, TwoFactorMode::off);
}

TEST_F(TokenRoutes, profile_changes_the_password_with_the_old_one) {
  const char* change = R"({"email":"alice@example.org","fullname":"",
      "password":{"old":"correct horse","new":"battery staple"}})";
  EXPECT_EQ(
      host.post(kUser, R"({"password":{"old":"wrong","new":"battery staple"}})", bearer).status,
      401);
  EXPECT_EQ(host.post(kUser, change, bearer).status, 200);
  EXPECT_TRUE(host.authenticate(basic("alice", "battery staple")));
  EXPECT_FALSE(host.authenticate(basic("alice", "correct horse")));
}

TEST_F(TokenRoutes, profile_changes_all_fields_or_none) {
  const char* bad = R"({"email":"nobody","fullname":"Alice",
      "password":{"old":"correct horse","new":"battery staple"}})";
  EXPECT_EQ(host.post(kUser, bad, bearer).status, 400);
  const char* mixed =
      R"({"fullname":"Alice","tfa":{"mode":"auth-only","password":"correct horse"}})";
  EXPECT_EQ(host.post(kUser, mixed, bearer).status, 400);
  EXPECT_EQ(host.user("alice").revision, 1u);
  EXPECT_TRUE(host.authenticate(basic("alice", "correct horse")));
}

std::string code_from(AccountHost& host) {
  const auto step = static_cast<std::uint64_t>(totp_step(host.clock.now()));
  return hotp(host.totp_secret("alice"), step, 6);
}

TEST_F(TokenRoutes, two_factor_is_enrolled_as_npm_does_it_and_then_asked_for) {
  const auto started =
      host.post(kUser, R"({"tfa":{"mode":"auth-and-writes","password":"correct horse"}})", bearer);
  ASSERT_EQ(started.status, 200);
  EXPECT_THAT(started.json()["tfa"].get<std::string>(),
              testing::StartsWith("otpauth://totp/registry.test:alice?secret="));
  EXPECT_EQ(host.get(kUser, bearer).json()["tfa"]["pending"], true);

  const auto confirm = ordered_json{{"tfa", {code_from(host)}}}.dump();
  const auto confirmed = host.post(kUser, confirm, bearer);
  ASSERT_EQ(confirmed.status, 200);
  ASSERT_TRUE(confirmed.json()["tfa"].is_array());
  EXPECT_EQ(confirmed.json()["tfa"].size(), 10u);
  EXPECT_EQ(host.get(kUser, bearer).json()["tfa"],
            ordered_json::parse(R"({"mode":"auth-and-writes","pending":false})"));

  const char* change = R"({"tfa":{"mode":"auth-only","password":"correct horse"}})";
  const auto asked = host.post(kUser, change, bearer);
  EXPECT_EQ(asked.status, 401);
  EXPECT_EQ(asked.header("www-authenticate"), "OTP");
  host.clock.advance(minutes(1));
  const auto changed = host.send({http::Method::post,
                                  kUser,
                                  {{"authorization", bearer}, {"npm-otp", code_from(host)}},
                                  change});
  ASSERT_EQ(changed.status, 200);
  EXPECT_EQ(changed.json()["tfa"]["mode"], "auth-only");

  const char* stop = R"({"tfa":{"mode":"disable","password":"correct horse"}})";
  EXPECT_EQ(host.post(kUser, stop, bearer).status, 401);
  const auto recovery = confirmed.json()["tfa"][0].get<std::string>();
  const auto stopped = host.send(
      {http::Method::post, kUser, {{"authorization", bearer}, {"npm-otp", recovery}}, stop});
  EXPECT_EQ(stopped.status, 200);
  EXPECT_EQ(stopped.json()["tfa"], nullptr);
}

}  // namespace
}  // namespace kontor::npm
