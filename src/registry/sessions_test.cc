// Logins as signed sessions: what opens one, what ends it, and that automation tokens live beside
// it.
#include "registry/sessions.h"

#include "base/encoding.h"
#include "domain/jwt.h"
#include "tests/support/account_world.h"

#include <gmock/gmock.h>

namespace kontor {
namespace {

using test::AccountWorld;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kKey = "0123456789abcdef0123456789abcdef";

struct Sessions : testing::Test {
  Sessions() {
    world.add_user("alice", "correct horse");
    world.add_user("root", "battery staple", true);
    world.change_settings([](Settings& s) { s.accounts.session_key = kKey; });
  }
  std::string log_in_as(const std::string& name) {
    world.clock.advance({1});
    const auto text =
        world.run(issue_login(world.registry, world.user(name), "login", world.stranger()));
    EXPECT_TRUE(text);
    return text.value_or("");
  }
  std::string verdict(const std::string& text, const std::string& scheme = "Bearer ") {
    const auto who = world.authenticate(scheme + text);
    return who ? who->name : std::string(info(who.error().code).name);
  }
  AccountWorld world;
};

TEST_F(Sessions, are_what_a_login_yields_and_nothing_of_them_is_stored) {
  const auto text = log_in_as("alice");
  EXPECT_TRUE(looks_like_jwt(text));
  EXPECT_TRUE(world.database.tokens.empty());
  EXPECT_THAT(world.everything_stored(), Not(HasSubstr(text)));

  const auto who = world.authenticate("Bearer " + text);
  ASSERT_TRUE(who);
  EXPECT_EQ(who->name, "alice");
  EXPECT_EQ(who->credential, Credential::token);
  EXPECT_EQ(who->rights, TokenRights::full);
  EXPECT_FALSE(who->is_admin);
  EXPECT_TRUE(world.authenticate("Bearer " + log_in_as("root"))->is_admin);
  EXPECT_EQ(world.passwords.verified, 0);
}

TEST_F(Sessions, last_as_long_as_configured_and_no_longer_than_tokens_may) {
  const auto week = log_in_as("alice");
  world.change_settings([](Settings& s) { s.accounts.token_max_days = 1; });
  const auto day = log_in_as("alice");
  world.clock.advance(days(1));
  EXPECT_EQ(verdict(day), "invalid_credential");
  EXPECT_EQ(verdict(week), "alice");
  world.clock.advance(days(6));
  EXPECT_EQ(verdict(week), "invalid_credential");
}

TEST_F(Sessions, of_other_keys_other_users_and_other_kinds_are_refused) {
  const auto now = world.clock.now();
  const auto id = std::to_string(world.user("alice").id.value);
  EXPECT_EQ(verdict(sign_jwt({"x", id, now, now + days(1)}, kKey)), "alice") << "as we sign";
  EXPECT_EQ(verdict(sign_jwt({"x", id, now, now + days(1)}, "another key")), "invalid_credential");
  for (const std::string& subject : {std::string("777"), std::string("alice"), id + " ", "-" + id})
    EXPECT_EQ(verdict(sign_jwt({"x", subject, now, now + days(1)}, kKey)), "invalid_credential");
  const auto unsigned_text =
      to_base64url(R"({"alg":"none"})") + "." + to_base64url(R"({"sub":")" + id + R"("})") + ".";
  EXPECT_EQ(verdict(unsigned_text), "invalid_credential");
}

TEST_F(Sessions, are_not_accepted_where_logins_yield_tokens) {
  const auto text = log_in_as("alice");
  world.change_settings([](Settings& s) { s.accounts.session_key.clear(); });
  EXPECT_EQ(verdict(text), "invalid_credential");
  const auto now = world.clock.now();
  EXPECT_EQ(verdict(sign_jwt({"x", "1", now, now + days(1)}, "")), "invalid_credential");
}

TEST_F(Sessions, end_one_by_one_by_logging_out) {
  const auto first = log_in_as("alice");
  const auto second = log_in_as("alice");
  ASSERT_TRUE(world.run(log_out(world.registry, world.stranger(), first)));
  EXPECT_EQ(verdict(first), "invalid_credential");
  EXPECT_EQ(verdict(second), "alice");
  EXPECT_TRUE(world.run(log_out(world.registry, world.stranger(), first))) << "once more";
  EXPECT_EQ(world.database.revoked_sessions.size(), 1u);
  EXPECT_EQ(world.audited().back(), "log_out");
}

TEST_F(Sessions, of_strangers_making_are_not_noted_as_revoked) {
  const auto now = world.clock.now();
  const auto forged = sign_jwt({"x", "1", now, now + days(1)}, "another key");
  EXPECT_TRUE(world.run(log_out(world.registry, world.stranger(), forged)));
  EXPECT_TRUE(world.database.revoked_sessions.empty());
}

TEST_F(Sessions, all_end_with_the_password_they_were_opened_by) {
  const auto old = log_in_as("alice");
  const PasswordChange change{"correct horse", "horse correct"};
  ASSERT_TRUE(
      world.run(change_account(world.registry, world.actor("alice"), {.password = change})));
  EXPECT_EQ(verdict(old), "invalid_credential");
  const auto fresh = log_in_as("alice");
  EXPECT_EQ(verdict(fresh), "alice");
  ASSERT_TRUE(world.run(
      reset_password(world.registry, world.actor("root"), {"alice", "another password"})));
  EXPECT_EQ(verdict(fresh), "invalid_credential");
}

TEST_F(Sessions, end_with_the_account_also_where_its_name_comes_back) {
  const auto text = log_in_as("alice");
  ASSERT_TRUE(world.run(remove_user(world.registry, world.actor("root"), "alice")));
  EXPECT_EQ(verdict(text), "invalid_credential");
  world.add_user("alice", "correct horse");
  EXPECT_EQ(verdict(text), "invalid_credential");
}

TEST_F(Sessions, leave_automation_tokens_as_they_are) {
  const auto token = world.add_token("alice", "correct horse", {.rights = TokenRights::publish});
  EXPECT_TRUE(token.starts_with("npm_"));
  EXPECT_EQ(verdict(token), "alice");
  EXPECT_EQ(verdict(token, "NpmToken "), "alice");
}

}  // namespace
}  // namespace kontor
