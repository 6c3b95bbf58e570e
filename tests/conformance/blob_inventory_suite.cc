// The promises of ports/blob_inventory.h as tests.
#include "base/sha256.h"
#include "tests/conformance/blob_store_suite.h"

#include <algorithm>

namespace kontor::test {
namespace {

std::vector<Sha256> digests_in(const std::vector<BlobListing>& page) {
  std::vector<Sha256> out;
  for (const auto& blob : page) out.push_back(blob.digest);
  return out;
}

TEST_P(BlobStoreSuite, lists_blobs_in_order_of_their_digests_page_by_page) {
  std::vector<Sha256> all;
  for (int i = 0; i < 25; ++i) all.push_back(put("listed " + std::to_string(i)).sha256);
  std::ranges::sort(all);
  const auto sweep = inventory().sweep();
  std::vector<Sha256> seen;
  std::optional<Sha256> after;
  for (;;) {
    const auto page = must(sweep->list(after, 10));
    if (page.empty()) break;
    EXPECT_LE(page.size(), 10u);
    for (const auto& digest : digests_in(page)) seen.push_back(digest);
    after = seen.back();
  }
  EXPECT_EQ(seen, all);
}

TEST_P(BlobStoreSuite, a_listing_tells_sizes) {
  put("four");
  const auto page = must(inventory().sweep()->list({}, 10));
  ASSERT_EQ(page.size(), 1u);
  EXPECT_EQ(page[0].size, 4u);
}

TEST_P(BlobStoreSuite, a_listing_knows_nothing_of_uploads_under_way) {
  const auto writer = staged({"not yet"});
  EXPECT_TRUE(must(inventory().sweep()->list({}, 10)).empty());
}

TEST_P(BlobStoreSuite, a_sweep_removes_blobs_and_they_can_come_back) {
  const auto digest = put("gone").sha256;
  put("stays");
  const auto sweep = inventory().sweep();
  EXPECT_TRUE(must(sweep->remove(digest)));
  EXPECT_EQ(must(store().find(digest)), std::nullopt);
  EXPECT_EQ(must(store().find(sha256("stays"))), 5u);
  EXPECT_FALSE(must(sweep->remove(digest)));
  EXPECT_FALSE(must(sweep->remove(sha256("never seen"))));
  put("gone");
  EXPECT_EQ(must(store().read(digest, 0, 10)), "gone");
}

TEST_P(BlobStoreSuite, a_sweep_protects_the_blob_of_a_writer_that_lives) {
  const auto digest = put("shared").sha256;
  auto writer = staged({"shared"});
  must(writer->commit());
  const auto sweep = inventory().sweep();
  EXPECT_TRUE(must(sweep->list({}, 10)).empty());
  EXPECT_FALSE(must(sweep->remove(digest)));
  writer.reset();
  EXPECT_FALSE(must(sweep->remove(digest)));  // it was protected when the sweep began
  EXPECT_EQ(must(store().read(digest, 0, 10)), "shared");
  EXPECT_TRUE(must(inventory().sweep()->remove(digest)));
}

TEST_P(BlobStoreSuite, a_sweep_protects_what_is_committed_after_it_began) {
  const auto digest = put("again").sha256;
  const auto sweep = inventory().sweep();
  ASSERT_EQ(digests_in(must(sweep->list({}, 10))), std::vector{digest});
  put("again");  // the writer is gone when this returns
  EXPECT_FALSE(must(sweep->remove(digest)));
  EXPECT_EQ(must(store().read(digest, 0, 10)), "again");
}

TEST_P(BlobStoreSuite, a_writer_that_never_commits_protects_nothing) {
  const auto digest = put("left").sha256;
  const auto writer = staged({"left"});
  EXPECT_TRUE(must(inventory().sweep()->remove(digest)));
}

TEST_P(BlobStoreSuite, hashes_again_what_is_there_now) {
  const auto digests = put("some bytes");
  EXPECT_EQ(must(inventory().rehash(digests.sha256)), digests);
  harness_->damage(digests.sha256);
  const auto now = must(inventory().rehash(digests.sha256));
  EXPECT_NE(now.sha256, digests.sha256);
  EXPECT_EQ(now.size, digests.size);
  const auto absent = loop().run(inventory().rehash(sha256("never seen")));
  ASSERT_FALSE(absent);
  EXPECT_EQ(absent.error().code, Code::not_found);
}

TEST_P(BlobStoreSuite, leftovers_are_counted_and_removed) {
  EXPECT_EQ(must(inventory().leftovers()).count, 0u);
  put("kept");
  must(inventory().remove_leftovers());
  EXPECT_EQ(must(store().find(sha256("kept"))), 4u);
}

}  // namespace
}  // namespace kontor::test
