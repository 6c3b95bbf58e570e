// Releases against their leaves.
#include "logclient/release_check.h"

#include "base/sha1.h"
#include "base/sha256.h"
#include "base/sha512.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace kontor::logclient {
namespace {

const std::string kBytes = "a tarball";
const Release kRelease{{"npm", "@acme/tool"}, "1.2.3"};

tlog::Archive archive() {
  return {kBytes.size(), sha256(kBytes), sha512(kBytes), sha256("manifest")};
}
ArchiveDigests digests(const std::string& bytes) {
  return {bytes.size(), sha1(bytes), sha256(bytes), sha512(bytes)};
}
Bytes leaf(tlog::Event event) {
  return *tlog::print_leaf(
      {std::move(event), {tlog::Account("acct_1"), {.kind = {}, .id = {}, .provider = {}}}, 9});
}
Bytes publish_leaf() {
  return leaf(tlog::PublishEvent{kRelease.package, "1.2.3", archive()});
}

TEST(ReleaseCheck, the_archive_of_its_publish_leaf_is_taken) {
  const auto logged = logged_archive(publish_leaf(), kRelease);
  ASSERT_TRUE(logged) << logged.error().message();
  EXPECT_EQ(*logged, archive());
}

TEST(ReleaseCheck, leaves_of_something_else_are_refused) {
  EXPECT_FALSE(logged_archive(publish_leaf(), {kRelease.package, "1.2.4"}));
  EXPECT_FALSE(logged_archive(publish_leaf(), {{"npm", "@acme/other"}, "1.2.3"}));
  EXPECT_FALSE(logged_archive(publish_leaf(), {{"ori", "@acme/tool"}, "1.2.3"}));
  const auto staged =
      logged_archive(leaf(tlog::StageEvent{kRelease.package, "1.2.3", "s1", archive()}), kRelease);
  ASSERT_FALSE(staged);
  EXPECT_THAT(staged.error().detail, testing::HasSubstr("'stage'"));
  EXPECT_FALSE(logged_archive("no leaf\n", kRelease));
}

TEST(ReleaseCheck, an_integrity_is_proved_by_the_logs_hashes_only) {
  const auto logged = archive();
  const std::string good = integrity(logged.sha512);
  EXPECT_EQ(check_integrity(logged, good, "it"), Strength::proved);
  EXPECT_EQ(check_integrity(logged, good + "?opt sha1-" + sha1("x").base64(), "it"),
            Strength::proved);
  EXPECT_EQ(check_integrity(logged, "sha256-" + logged.sha256.base64(), "it"), Strength::proved);
  for (const std::string& weak : {"sha1-" + sha1(kBytes).base64(), std::string("md5-xyz"),
                                  std::string("sha512-short"), std::string()})
    EXPECT_EQ(check_integrity(logged, weak, "it"), Strength::unproved) << weak;
}

TEST(ReleaseCheck, a_wrong_integrity_is_refused_with_both_hashes) {
  const std::string other = integrity(sha512("other"));
  const auto checked = check_integrity(archive(), other, "the lockfile");
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().code, Code::checksum_mismatch);
  EXPECT_THAT(checked.error().detail, testing::HasSubstr(other));
  EXPECT_THAT(checked.error().detail, testing::HasSubstr(integrity(archive().sha512)));
}

TEST(ReleaseCheck, bytes_are_compared_with_the_log_and_with_an_integrity) {
  EXPECT_TRUE(check_bytes(archive(), digests(kBytes), "the file"));
  const auto wrong = check_bytes(archive(), digests("other"), "the file");
  ASSERT_FALSE(wrong);
  EXPECT_THAT(wrong.error().detail, testing::HasSubstr(sha512("other").base64()));
  EXPECT_THAT(wrong.error().detail, testing::HasSubstr(sha512(kBytes).base64()));
  auto longer = archive();
  longer.size = 10;
  EXPECT_FALSE(check_bytes(longer, digests(kBytes), "the file"));

  EXPECT_TRUE(check_bytes("sha1-" + sha1(kBytes).base64(), digests(kBytes), "the file"));
  EXPECT_FALSE(check_bytes("sha1-" + sha1("other").base64(), digests(kBytes), "the file"));
  EXPECT_TRUE(check_bytes("", digests(kBytes), "the file"));
}

}  // namespace
}  // namespace kontor::logclient
