// What every store of git connections promises.
#include "tests/conformance/store_harness.h"

namespace kontor::test {
namespace {

GitConnection connection_of(UserId user, Bytes token) {
  return {user, "ann-at-git", std::move(token), kNoon};
}

TEST_P(AccountStoreSuite, a_git_connection_is_kept_replaced_and_removed) {
  EXPECT_FALSE(must(git().find(ann_)));
  const Bytes sealed("\0\xff sealed", 9);
  must(git().put(connection_of(ann_, sealed)));
  auto found = must(git().find(ann_));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->login, "ann-at-git");
  EXPECT_EQ(found->token, sealed);
  EXPECT_EQ(found->connected, kNoon);
  must(git().put(connection_of(ann_, "other")));
  EXPECT_EQ(must(git().find(ann_))->token, "other");
  EXPECT_FALSE(must(git().find(bob_)));
  EXPECT_TRUE(must(git().remove(ann_)));
  EXPECT_FALSE(must(git().remove(ann_)));
  EXPECT_FALSE(must(git().find(ann_)));
}

TEST_P(AccountStoreSuite, a_git_connection_belongs_to_a_user_and_goes_with_it) {
  EXPECT_EQ(refused(git().put(connection_of(UserId(999), "x"))), Code::not_found);
  must(git().put(connection_of(ann_, "x")));
  must(accounts().remove_user(ann_));
  EXPECT_FALSE(must(git().find(ann_)));
}

}  // namespace
}  // namespace kontor::test
