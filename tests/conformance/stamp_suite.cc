// Stamps: renewed by every change that was answered, and by nothing else.
#include "base/sha256.h"
#include "tests/conformance/store_harness.h"

#include <utility>

namespace kontor::test {
namespace {

TEST_P(PackageStoreSuite, a_change_that_was_answered_has_renewed_the_stamp) {
  if (!harness_->keeps_stamps()) GTEST_SKIP();
  const auto place = packages().stamp_place(key_of("pkg"));
  auto before = packages().stamp(place);
  ASSERT_TRUE(before);
  const auto renewed = [&] {
    const auto now = packages().stamp(place);
    EXPECT_TRUE(now);
    return now != std::exchange(before, now);
  };
  apply(first_publish("pkg", ann_));
  EXPECT_TRUE(renewed());
  apply(with(change_of("pkg"), SetTag{"next", "1.0.0"}));
  EXPECT_TRUE(renewed());
  auto ann = *must(accounts().find_user_by_id(ann_));
  ann.email = "new@example.test";
  must(accounts().update_user(ann));
  EXPECT_TRUE(renewed());
  must(accounts().remove_user(bob_));
  EXPECT_TRUE(renewed());
}

TEST_P(PackageStoreSuite, what_no_document_shows_leaves_the_stamp_as_it_is) {
  apply(first_publish("pkg", ann_));
  const auto place = packages().stamp_place(key_of("pkg"));
  const auto before = packages().stamp(place);
  must(packages().find(key_of("pkg")));
  must(packages().add_downloads({{key_of("pkg"), "1.0.0", Day{20'000}, 2}}));
  must(packages().add_audit(kNoon, {{"ann", "", "", "login", "", "", ""}}));
  EXPECT_EQ(packages().stamp(place), before);
}

TEST_P(AccountStoreSuite, tokens_and_users_renew_the_stamp_of_accounts) {
  if (!harness_->keeps_stamps()) GTEST_SKIP();
  auto before = accounts().stamp();
  ASSERT_TRUE(before);
  const auto renewed = [&] {
    const auto now = accounts().stamp();
    return now && now != std::exchange(before, now);
  };
  TokenRecord token;
  token.key = "key";
  token.secret = sha256("secret");
  token.user = ann_;
  must(accounts().put_token(token));
  EXPECT_TRUE(renewed());
  must(accounts().touch_token("key", kNoon));
  EXPECT_FALSE(renewed());
  ASSERT_TRUE(must(accounts().remove_token(ann_, "key")));
  EXPECT_TRUE(renewed());
  auto ann = *must(accounts().find_user_by_id(ann_));
  must(accounts().update_user(ann));
  EXPECT_TRUE(renewed());
}

}  // namespace
}  // namespace kontor::test
