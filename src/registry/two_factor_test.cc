// Enrolment of the second factor from start to end.
#include "registry/two_factor.h"

#include "domain/totp.h"
#include "registry/authenticate.h"
#include "registry/one_time_password.h"
#include "tests/support/account_world.h"

#include <gmock/gmock.h>

#include <set>

namespace kontor {
namespace {

using test::AccountWorld;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

template <class T>
std::string verdict(const Result<T>& result) {
  return result ? "ok" : std::string(info(result.error().code).name);
}

struct TwoFactor : testing::Test {
  TwoFactor() { world.add_user("alice", "correct horse"); }

  Result<TwoFactorStarted> start(TwoFactorMode mode = TwoFactorMode::auth_and_writes,
                                 const char* password = "correct horse") {
    return world.run(start_two_factor(world.registry, world.actor("alice"),
                                      {password, mode, "registry.example"}));
  }
  Result<std::vector<std::string>> confirm(const std::string& code) {
    return world.run(confirm_two_factor(world.registry, world.actor("alice"), code));
  }
  std::string code() {
    const auto step = static_cast<std::uint64_t>(totp_step(world.clock.now()));
    return hotp(world.totp_secret("alice"), step, 6);
  }
  AccountWorld world;
};

TEST_F(TwoFactor, starts_with_a_secret_that_protects_nothing_yet) {
  const auto started = start();
  ASSERT_TRUE(started);
  EXPECT_EQ(started->otpauth_url,
            otpauth_url("registry.example", "alice", world.totp_secret("alice")));
  EXPECT_EQ(world.totp_secret("alice").size(), 20u);
  EXPECT_TRUE(world.user("alice").totp_pending);
  EXPECT_FALSE(two_factor_on(world.user("alice")));
  EXPECT_TRUE(world.authenticate(test::basic("alice", "correct horse")));
}

TEST_F(TwoFactor, a_code_confirms_it_and_yields_ten_recovery_codes_stored_as_digests) {
  ASSERT_TRUE(start(TwoFactorMode::auth_only));
  const auto codes = confirm(code());
  ASSERT_TRUE(codes);
  EXPECT_EQ(std::set<std::string>(codes->begin(), codes->end()).size(), 10u);
  EXPECT_TRUE(two_factor_on(world.user("alice")));
  EXPECT_EQ(world.user("alice").two_factor, TwoFactorMode::auth_only);
  for (const auto& text : *codes) {
    EXPECT_EQ(text.size(), 20u);
    EXPECT_THAT(world.everything_stored(), Not(HasSubstr(text)));
  }
  EXPECT_THAT(world.audited(), ElementsAre("two_factor_start", "two_factor_on"));
}

TEST_F(TwoFactor, every_recovery_code_works_once) {
  ASSERT_TRUE(start());
  const auto codes = confirm(code());
  ASSERT_TRUE(codes);
  for (const auto& text : *codes) {
    const auto spend = [&] {
      return verdict(world.run(
          second_factor(world.registry, world.actor("alice").principal, http::Access::full, text)));
    };
    EXPECT_EQ(spend(), "ok");
    EXPECT_EQ(spend(), "otp_invalid");
  }
  EXPECT_TRUE(world.user("alice").recovery_codes.empty());
}

TEST_F(TwoFactor, the_confirming_code_cannot_be_replayed) {
  ASSERT_TRUE(start());
  const auto used = code();
  ASSERT_TRUE(confirm(used));
  for (const auto access : {http::Access::write, http::Access::full})
    EXPECT_EQ(verdict(world.run(
                  second_factor(world.registry, world.actor("alice").principal, access, used))),
              "otp_invalid");
}

TEST_F(TwoFactor, a_wrong_code_turns_nothing_on) {
  ASSERT_TRUE(start());
  EXPECT_EQ(verdict(confirm("000000")), "otp_invalid");
  EXPECT_EQ(verdict(confirm("")), "otp_invalid");
  EXPECT_FALSE(two_factor_on(world.user("alice")));
  EXPECT_EQ(verdict(confirm(code())), "ok") << "the waiting secret is still there";
}

TEST_F(TwoFactor, nothing_is_confirmed_that_was_not_started) {
  EXPECT_EQ(verdict(confirm("123456")), "bad_request");
  ASSERT_TRUE(start());
  ASSERT_TRUE(confirm(code()));
  world.clock.advance(minutes(1));
  EXPECT_EQ(verdict(confirm(code())), "bad_request") << "on already";
}

TEST_F(TwoFactor, needs_the_password_and_a_full_login) {
  EXPECT_EQ(verdict(start(TwoFactorMode::auth_only, "wrong")), "invalid_password");
  Actor weak = world.actor("alice");
  weak.principal.rights = TokenRights::publish;
  EXPECT_EQ(verdict(world.run(start_two_factor(world.registry, weak,
                                               {"correct horse", TwoFactorMode::auth_only, "x"}))),
            "insufficient_scope");
  EXPECT_EQ(verdict(world.run(confirm_two_factor(world.registry, weak, "123456"))),
            "insufficient_scope");
  EXPECT_EQ(verdict(world.run(stop_two_factor(world.registry, weak, "correct horse"))),
            "insufficient_scope");
  EXPECT_EQ(world.user("alice").two_factor, TwoFactorMode::off);
}

TEST_F(TwoFactor, a_second_start_replaces_the_waiting_secret) {
  ASSERT_TRUE(start());
  const auto first = world.user("alice").totp_secret;
  ASSERT_TRUE(start());
  EXPECT_NE(world.user("alice").totp_secret, first);
}

TEST_F(TwoFactor, a_start_while_on_changes_the_mode_and_keeps_the_secret) {
  ASSERT_TRUE(start(TwoFactorMode::auth_only));
  ASSERT_TRUE(confirm(code()));
  const auto before = world.user("alice");
  const auto changed = start(TwoFactorMode::auth_and_writes);
  ASSERT_TRUE(changed);
  EXPECT_EQ(changed->otpauth_url, "");
  const auto after = world.user("alice");
  EXPECT_EQ(after.two_factor, TwoFactorMode::auth_and_writes);
  EXPECT_EQ(after.totp_secret, before.totp_secret);
  EXPECT_EQ(after.recovery_codes, before.recovery_codes);
  EXPECT_EQ(after.totp_last_step, before.totp_last_step);
}

TEST_F(TwoFactor, ends_with_the_password_and_forgets_everything) {
  ASSERT_TRUE(start());
  ASSERT_TRUE(confirm(code()));
  const auto stop = [&](const char* password) {
    return verdict(world.run(stop_two_factor(world.registry, world.actor("alice"), password)));
  };
  EXPECT_EQ(stop("wrong"), "invalid_password");
  EXPECT_TRUE(two_factor_on(world.user("alice")));
  EXPECT_EQ(stop("correct horse"), "ok");
  const auto after = world.user("alice");
  EXPECT_EQ(after.two_factor, TwoFactorMode::off);
  EXPECT_EQ(after.totp_secret, "");
  EXPECT_TRUE(after.recovery_codes.empty());
}

}  // namespace
}  // namespace kontor
