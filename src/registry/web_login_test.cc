// Web logins: one approval, one token, a short life.
#include "registry/web_login.h"

#include "tests/support/account_world.h"

#include <gmock/gmock.h>

namespace kontor {
namespace {

using test::AccountWorld;
using testing::HasSubstr;
using testing::Not;

template <class T>
std::string verdict(const Result<T>& result) {
  return result ? "ok" : std::string(info(result.error().code).name);
}

struct WebLogins : testing::Test {
  WebLogins() {
    world.add_user("alice", "correct horse");
    started = *world.run(start_web_login(world.registry));
  }
  std::string approve(Login login) {
    return verdict(
        world.run(approve_web_login(world.registry, started.page, login, world.stranger())));
  }
  auto poll() { return world.run(poll_web_login(world.registry, started.poll, world.stranger())); }

  const Login alice{"alice", "correct horse", {}, {}};
  AccountWorld world;
  StartedWebLogin started;
};

TEST_F(WebLogins, waits_until_somebody_approves_then_gives_one_token) {
  const auto waiting = poll();
  ASSERT_TRUE(waiting);
  EXPECT_FALSE(*waiting);
  EXPECT_EQ(verdict(world.run(find_web_login_page(world.registry, started.page))), "ok");
  EXPECT_EQ(approve(alice), "ok");
  const auto done = poll();
  ASSERT_TRUE(done && *done);
  const auto who = world.authenticate("Bearer " + (*done)->text);
  ASSERT_TRUE(who);
  EXPECT_EQ(who->name, "alice");
  EXPECT_EQ(who->rights, TokenRights::full);
  EXPECT_EQ(verdict(poll()), "not_found");
  EXPECT_EQ(world.database.tokens.size(), 1u);
}

TEST_F(WebLogins, no_token_exists_before_the_poll_and_no_secret_is_stored) {
  EXPECT_EQ(approve(alice), "ok");
  EXPECT_TRUE(world.database.tokens.empty());
  const auto everything = world.everything_stored();
  for (const auto& secret : {started.poll, started.page, std::string("correct horse")})
    EXPECT_THAT(everything, Not(HasSubstr(secret)));
  const auto done = poll();
  ASSERT_TRUE(done && *done);
  EXPECT_THAT(world.everything_stored(), Not(HasSubstr((*done)->text)));
}

TEST_F(WebLogins, the_secrets_do_not_stand_for_each_other) {
  EXPECT_EQ(verdict(world.run(find_web_login_page(world.registry, started.poll))), "not_found");
  EXPECT_EQ(verdict(world.run(poll_web_login(world.registry, started.page, world.stranger()))),
            "not_found");
}

TEST_F(WebLogins, a_page_is_approved_once) {
  world.add_user("mallory", "correct horse");
  EXPECT_EQ(approve(alice), "ok");
  EXPECT_EQ(approve({"mallory", "correct horse", {}, {}}), "not_found");
  EXPECT_EQ(verdict(world.run(find_web_login_page(world.registry, started.page))), "not_found");
  const auto done = poll();
  ASSERT_TRUE(done && *done);
  EXPECT_EQ(world.authenticate("Bearer " + (*done)->text)->name, "alice");
}

TEST_F(WebLogins, wrong_passwords_approve_nothing_and_are_counted) {
  for (int i = 0; i < 10; ++i)
    EXPECT_EQ(approve({"alice", "wrong" + std::to_string(i), {}, {}}), "invalid_password");
  EXPECT_EQ(approve(alice), "rate_limited");
  const auto waiting = poll();
  ASSERT_TRUE(waiting);
  EXPECT_FALSE(*waiting);
}

TEST_F(WebLogins, ask_for_the_second_factor) {
  world.add_two_factor("alice", TwoFactorMode::auth_only);
  EXPECT_EQ(approve(alice), "otp_required");
  Login with_otp = alice;
  with_otp.otp = world.one_time_password();
  EXPECT_EQ(approve(with_otp), "ok");
}

TEST_F(WebLogins, end_after_the_configured_time) {
  world.clock.advance(world.registry.settings->accounts.web_login_timeout);
  EXPECT_EQ(verdict(world.run(find_web_login_page(world.registry, started.page))), "not_found");
  EXPECT_EQ(approve(alice), "not_found");
  EXPECT_EQ(verdict(poll()), "not_found");
}

TEST_F(WebLogins, end_after_that_time_even_when_approved) {
  EXPECT_EQ(approve(alice), "ok");
  world.clock.advance(world.registry.settings->accounts.web_login_timeout);
  EXPECT_EQ(verdict(poll()), "not_found");
  EXPECT_TRUE(world.database.tokens.empty());
}

TEST_F(WebLogins, expired_ones_are_swept_by_the_next_start) {
  world.clock.advance(hours(1));
  ASSERT_TRUE(world.run(start_web_login(world.registry)));
  EXPECT_EQ(world.database.web_logins.size(), 1u);
}

TEST_F(WebLogins, a_user_removed_after_approval_gets_no_token) {
  EXPECT_EQ(approve(alice), "ok");
  ASSERT_TRUE(world.run(world.accounts.remove_user(world.user("alice").id)));
  EXPECT_NE(verdict(poll()), "ok");
  EXPECT_TRUE(world.database.tokens.empty());
}

TEST_F(WebLogins, may_register_where_registration_is_open) {
  Login wanted{"bob", "battery staple", {}, "bob@example.org"};
  EXPECT_EQ(approve(wanted), "registration_closed");
  world.change_settings([](Settings& s) { s.accounts.allow_registration = true; });
  EXPECT_EQ(approve(wanted), "ok");
  const auto done = poll();
  ASSERT_TRUE(done && *done);
  EXPECT_EQ(world.authenticate("Bearer " + (*done)->text)->name, "bob");
}

}  // namespace
}  // namespace kontor
