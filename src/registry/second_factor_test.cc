// When a one-time password is asked for, and that each works once.
#include "registry/authenticate.h"
#include "registry/one_time_password.h"
#include "tests/support/account_world.h"

namespace kontor {
namespace {

using http::Access;
using test::AccountWorld;

std::string verdict(const Result<void>& result) {
  return result ? "ok" : std::string(info(result.error().code).name);
}

Principal by_token(AccountWorld& world, bool bypass = false) {
  Principal who = world.actor("alice").principal;
  who.credential = Credential::token;
  who.token_key = "key-1";
  who.bypass_two_factor = bypass;
  return who;
}

std::string ask(AccountWorld& world, Principal who, Access access, std::string otp = {}) {
  return verdict(world.run(second_factor(world.registry, std::move(who), access, std::move(otp))));
}

constexpr std::array kLevels = {Access::open, Access::read,  Access::account, Access::write,
                                Access::full, Access::admin, Access::metrics};

struct Row {
  const char* who;
  TwoFactorMode mode;
  bool token;
  bool bypass;
  std::array<bool, 7> asked;  // open, read, account, write, full, admin, metrics
};

TEST(SecondFactor, is_asked_for_as_the_table_says) {
  using enum TwoFactorMode;
  const Row table[] = {
      {"password, off", off, false, false, {0, 0, 0, 0, 0, 0, 0}},
      {"token, off", off, true, false, {0, 0, 0, 0, 0, 0, 0}},
      {"password, auth-only", auth_only, false, false, {0, 1, 1, 1, 1, 1, 1}},
      {"token, auth-only", auth_only, true, false, {0, 0, 0, 0, 1, 1, 0}},
      {"token, auth-and-writes", auth_and_writes, true, false, {0, 0, 0, 1, 1, 1, 0}},
      {"automation token", auth_and_writes, true, true, {0, 0, 0, 0, 1, 1, 0}},
      {"password, auth-and-writes", auth_and_writes, false, false, {0, 1, 1, 1, 1, 1, 1}},
  };
  for (const auto& row : table) {
    AccountWorld world;
    world.add_user("alice", "correct horse");
    world.add_two_factor("alice", row.mode);
    const auto who = row.token ? by_token(world, row.bypass) : world.actor("alice").principal;
    for (std::size_t i = 0; i < kLevels.size(); ++i)
      EXPECT_EQ(ask(world, who, kLevels[i]), row.asked[i] ? "otp_required" : "ok")
          << row.who << " on " << http::to_string(kLevels[i]);
  }
}

TEST(SecondFactor, asks_nothing_of_strangers_and_of_users_who_never_confirmed) {
  AccountWorld world;
  world.add_user("alice", "correct horse");
  world.add_two_factor("alice", TwoFactorMode::auth_and_writes);
  User alice = world.user("alice");
  alice.totp_pending = true;
  ASSERT_TRUE(world.run(world.accounts.update_user(alice)));
  EXPECT_EQ(ask(world, world.actor("alice").principal, Access::full), "ok");
  EXPECT_EQ(ask(world, Principal{}, Access::full), "ok");
}

struct SecondFactorOn : testing::Test {
  SecondFactorOn() {
    world.add_user("alice", "correct horse");
    world.add_two_factor("alice", TwoFactorMode::auth_and_writes);
  }
  AccountWorld world;
};

TEST_F(SecondFactorOn, a_password_opens_a_protected_request_once) {
  const auto otp = world.one_time_password();
  EXPECT_EQ(ask(world, by_token(world), Access::full, otp), "ok");
  EXPECT_EQ(ask(world, by_token(world), Access::full, otp), "otp_invalid");
  world.clock.advance(seconds(30));
  EXPECT_EQ(ask(world, by_token(world), Access::full, otp), "otp_invalid");
  EXPECT_EQ(ask(world, by_token(world), Access::full, world.one_time_password()), "ok");
}

TEST_F(SecondFactorOn, writes_of_one_command_may_share_a_password) {
  const auto otp = world.one_time_password();
  EXPECT_EQ(ask(world, by_token(world), Access::write, otp), "ok");
  EXPECT_EQ(ask(world, by_token(world), Access::write, otp), "ok");
  Principal other = by_token(world);
  other.token_key = "key-2";
  EXPECT_EQ(ask(world, other, Access::write, otp), "otp_invalid") << "another credential";
  EXPECT_EQ(ask(world, by_token(world), Access::full, otp), "otp_invalid");
  world.clock.advance(minutes(2));
  EXPECT_EQ(ask(world, by_token(world), Access::write, otp), "otp_invalid") << "its time is over";
}

TEST_F(SecondFactorOn, an_earlier_password_is_dead_once_a_later_one_was_used) {
  const auto early = world.one_time_password(0);
  const auto late = world.one_time_password(1);
  EXPECT_EQ(ask(world, by_token(world), Access::full, late), "ok");
  EXPECT_EQ(ask(world, by_token(world), Access::write, early), "otp_invalid");
}

TEST_F(SecondFactorOn, a_clock_off_by_one_step_is_forgiven_and_by_two_is_not) {
  EXPECT_EQ(ask(world, by_token(world), Access::full, world.one_time_password(-2)), "otp_invalid");
  EXPECT_EQ(ask(world, by_token(world), Access::full, world.one_time_password(2)), "otp_invalid");
  EXPECT_EQ(ask(world, by_token(world), Access::full, world.one_time_password(-1)), "ok");
  EXPECT_EQ(ask(world, by_token(world), Access::full, world.one_time_password(1)), "ok");
}

TEST_F(SecondFactorOn, a_recovery_code_works_once_in_any_spelling) {
  User alice = world.user("alice");
  alice.recovery_codes = {recovery_code_digest("00112233445566778899"),
                          recovery_code_digest("aabbccddeeff00112233")};
  ASSERT_TRUE(world.run(world.accounts.update_user(alice)));
  EXPECT_EQ(ask(world, by_token(world), Access::full, "AABBC-CDDEE FF001-12233"), "ok");
  EXPECT_EQ(ask(world, by_token(world), Access::full, "aabbccddeeff00112233"), "otp_invalid");
  EXPECT_EQ(world.user("alice").recovery_codes.size(), 1u);
}

TEST_F(SecondFactorOn, guessing_is_bounded_whatever_the_address) {
  for (int i = 0; i < 10; ++i) {
    Principal who = by_token(world);
    who.address = "198.51.100." + std::to_string(i);
    EXPECT_EQ(ask(world, who, Access::full, "guess" + std::to_string(i)), "otp_invalid");
  }
  EXPECT_EQ(ask(world, by_token(world), Access::full, world.one_time_password()), "rate_limited");
  world.clock.advance(minutes(5));
  EXPECT_EQ(ask(world, by_token(world), Access::full, world.one_time_password()), "ok");
}

TEST_F(SecondFactorOn, overlong_and_empty_passwords_are_refused) {
  EXPECT_EQ(ask(world, by_token(world), Access::full, ""), "otp_required");
  EXPECT_EQ(ask(world, by_token(world), Access::full, std::string(100'000, '1')), "otp_invalid");
}

}  // namespace
}  // namespace kontor
