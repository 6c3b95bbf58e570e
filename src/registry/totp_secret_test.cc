// Secrets of authenticator apps: sealed in the store, bound to their user, opened with the host's
// key.
#include "registry/totp_secret.h"

#include "registry/one_time_password.h"
#include "registry/two_factor.h"
#include "tests/support/account_world.h"

#include <gmock/gmock.h>

namespace kontor {
namespace {

using test::AccountWorld;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kSecret = "12345678901234567890";

struct TotpSecret : testing::Test {
  TotpSecret() {
    world.add_user("alice", "correct horse");
    world.add_two_factor("alice", TwoFactorMode::auth_only);
  }
  Result<void> spend(const std::string& otp) {
    return world.run(spend_one_time_password(world.registry, world.user("alice").id, otp,
                                             "login@192.0.2.1", OtpReuse::never));
  }
  AccountWorld world;
};

TEST_F(TotpSecret, stands_nowhere_in_the_store) {
  EXPECT_EQ(world.totp_secret("alice"), kSecret);
  EXPECT_THAT(world.everything_stored(), Not(HasSubstr(kSecret)));
}

TEST_F(TotpSecret, does_not_open_in_the_row_of_another_user) {
  world.add_user("bob", "battery staple");
  User bob = world.user("bob");
  bob.totp_secret = world.user("alice").totp_secret;
  EXPECT_FALSE(open_totp_secret(world.registry, bob));
}

TEST_F(TotpSecret, stored_open_by_an_earlier_version_is_sealed_and_still_works) {
  User alice = world.user("alice");
  alice.totp_secret = kSecret;
  ASSERT_TRUE(world.run(world.accounts.update_user(alice)));
  const auto sealed = world.run(seal_stored_totp_secrets(world.registry));
  ASSERT_TRUE(sealed);
  EXPECT_EQ(sealed->sealed_now, 1u);
  EXPECT_EQ(sealed->unreadable, 0u);
  EXPECT_THAT(world.everything_stored(), Not(HasSubstr(kSecret)));
  EXPECT_TRUE(spend(world.one_time_password()));

  const auto again = world.run(seal_stored_totp_secrets(world.registry));
  ASSERT_TRUE(again);
  EXPECT_EQ(again->sealed_now, 0u);
}

TEST_F(TotpSecret, under_a_lost_key_is_counted_and_leaves_the_recovery_codes_working) {
  User alice = world.user("alice");
  alice.totp_secret = memory::FakeSecretBox("another host").seal(kSecret, "totp:alice");
  alice.recovery_codes = {recovery_code_digest("0123456789abcdef0123")};
  ASSERT_TRUE(world.run(world.accounts.update_user(alice)));
  const auto found = world.run(seal_stored_totp_secrets(world.registry));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->sealed_now, 0u);
  EXPECT_EQ(found->unreadable, 1u);

  EXPECT_EQ(spend(world.one_time_password()).error().code, Code::otp_invalid);
  EXPECT_EQ(spend(world.one_time_password(1)).error().code, Code::otp_invalid);
  ASSERT_FALSE(world.observer.errors.empty());
  EXPECT_EQ(world.observer.errors.front().code, Code::storage_failed);
  EXPECT_TRUE(spend("0123-4567-89AB-CDEF-0123"));
}

}  // namespace
}  // namespace kontor
