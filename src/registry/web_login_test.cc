// Web logins: one approval, one token, a short life.
#include "registry/web_login.h"

#include "base/sha256.h"
#include "registry/sweep.h"
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
    started = *world.run(start_web_login(world.registry, "192.0.2.1"));
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
  const auto who = world.authenticate("Bearer " + **done);
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
  EXPECT_THAT(world.everything_stored(), Not(HasSubstr(**done)));
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
  EXPECT_EQ(world.authenticate("Bearer " + **done)->name, "alice");
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

TEST_F(WebLogins, expired_ones_are_removed_by_the_next_start_and_by_the_sweep) {
  world.clock.advance(hours(1));
  ASSERT_TRUE(world.run(start_web_login(world.registry, "192.0.2.1")));
  EXPECT_EQ(world.database.web_logins.size(), 1u);
  world.clock.advance(hours(1));
  ASSERT_TRUE(world.run(sweep_expired(world.registry)));
  EXPECT_TRUE(world.database.web_logins.empty());
}

TEST_F(WebLogins, of_one_client_are_limited_whatever_its_address_in_its_network) {
  std::uint32_t started_here = 0;
  Result<StartedWebLogin> last;
  do {
    const auto address = "2001:db8:1:2::" + std::to_string(started_here);
    last = world.run(start_web_login(world.registry, address));
    started_here += last.has_value();
  } while (last);
  EXPECT_EQ(started_here, kWebLoginLimits.per_client);
  EXPECT_EQ(verdict(last), "rate_limited");
  const auto wait = world.registry.settings->accounts.web_login_timeout;
  EXPECT_EQ(last.error().retry_after_s, wait.ms / 1000);
  EXPECT_TRUE(world.run(start_web_login(world.registry, "2001:db8:1:3::1"))) << "another network";
  world.clock.advance(wait);
  EXPECT_TRUE(world.run(start_web_login(world.registry, "2001:db8:1:2::1")));
}

TEST_F(WebLogins, are_limited_in_all) {
  std::uint32_t waiting = 1;
  for (; waiting < 2 * kWebLoginLimits.in_all; ++waiting) {
    const auto address = "10.0." + std::to_string(waiting / 16) + ".1";
    if (!world.run(start_web_login(world.registry, address))) break;
  }
  EXPECT_EQ(waiting, kWebLoginLimits.in_all);
}

TEST_F(WebLogins, the_sweep_takes_expired_tokens_in_batches_and_leaves_the_rest) {
  const User alice_row = world.user("alice");
  for (std::uint32_t i = 0; i < kSweepBatch + 7; ++i) {
    TokenRecord token;
    token.key = "key" + std::to_string(i);
    token.secret = sha256(token.key);
    token.user = alice_row.id;
    if (i > 0) token.expires = world.clock.now();
    ASSERT_TRUE(world.run(world.accounts.put_token(token)));
  }
  ASSERT_TRUE(world.run(sweep_expired(world.registry)));
  ASSERT_EQ(world.database.tokens.size(), 1u);
  EXPECT_EQ(world.database.tokens.begin()->first, "key0");
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
  EXPECT_EQ(world.authenticate("Bearer " + **done)->name, "bob");
}

}  // namespace
}  // namespace kontor
