// The cache of rendered documents and the tally of downloads.
#include "registry/document_cache.h"

#include "registry/download_tally.h"
#include "tests/support/account_world.h"
#include "tests/support/forwarding_package_store.h"

#include <gtest/gtest.h>

namespace kontor {
namespace {

TEST(DocumentCache, drops_what_was_not_used_for_longest) {
  DocumentCache cache(4 * 1256);
  for (const auto* name : {"a", "b", "c", "d"}) cache.put(name, share(Bytes(1000, name[0])));
  ASSERT_NE(cache.find("a"), nullptr);
  cache.put("e", share(Bytes(1000, 'e')));
  EXPECT_EQ(cache.find("b"), nullptr);
  for (const auto* name : {"a", "c", "d", "e"}) {
    ASSERT_NE(cache.find(name), nullptr) << name;
    EXPECT_EQ(cache.find(name)->front(), name[0]);
  }
  EXPECT_EQ(cache.bytes(), 4u * 1256);
}

TEST(DocumentCache, does_not_keep_what_would_push_out_the_rest) {
  DocumentCache cache(4000);
  cache.put("small", share(Bytes(100, 's')));
  cache.put("large", share(Bytes(2800, 'l')));
  EXPECT_EQ(cache.find("large"), nullptr);
  cache.put("long", share(Bytes(2700, 'l')));
  EXPECT_NE(cache.find("long"), nullptr);
  EXPECT_NE(cache.find("small"), nullptr);
}

TEST(DocumentCache, shares_what_is_too_large_to_keep_while_somebody_holds_it) {
  DocumentCache cache(4000);
  auto held = share(Bytes(3000, 'l'));
  cache.put("large", held);
  EXPECT_EQ(cache.find("large"), held);
  EXPECT_EQ(cache.bytes(), 0u);
  held.reset();
  EXPECT_EQ(cache.find("large"), nullptr);
}

TEST(DocumentCache, keeps_parts_within_the_same_budget) {
  DocumentCache cache(4 * 1256);
  const auto part = std::make_shared<const DocumentPart>(
      DocumentPart{{Bytes(600, 'v'), 0, 0}, {Bytes(400, 't'), 0, 0}, 7});
  cache.put_part("part", part);
  EXPECT_EQ(cache.find_part("part"), part);
  EXPECT_EQ(cache.find_part("document"), nullptr);
  EXPECT_EQ(cache.bytes(), 1256u);
  for (const auto* name : {"a", "b", "c", "d"}) cache.put(name, share(Bytes(1000, name[0])));
  EXPECT_EQ(cache.find_part("part"), nullptr);
  EXPECT_EQ(cache.bytes(), 4u * 1256);
}

TEST(DocumentCache, keeps_the_first_of_two_under_one_name) {
  DocumentCache cache(1 << 20);
  cache.put("a", share("one"));
  cache.put("a", share("two"));
  EXPECT_EQ(*cache.find("a"), "one");
}

class Broken final : public test::ForwardingPackageStore {
 public:
  using ForwardingPackageStore::ForwardingPackageStore;
  Task<> add_downloads(std::vector<DownloadCount> counts) override {
    if (broken) co_return fail(Code::storage_failed);
    batches.push_back(std::move(counts));
    co_return {};
  }
  bool broken = true;
  std::vector<std::vector<DownloadCount>> batches;
};

TEST(DownloadTally, is_written_in_one_batch_and_kept_where_that_fails) {
  test::AccountWorld world;
  Broken packages(world.packages);
  DownloadTally tally;
  const PackageKey key{FormatId::npm, "pkg"};
  tally.count(key, "1.0.0", {100});
  tally.count(key, "1.0.0", {100});
  tally.count(key, "1.1.0", {101});
  EXPECT_EQ(world.run(tally.flush(packages)).error().code, Code::storage_failed);
  tally.count(key, "1.0.0", {100});
  packages.broken = false;
  ASSERT_TRUE(world.run(tally.flush(packages)));
  EXPECT_TRUE(tally.empty());
  ASSERT_EQ(packages.batches.size(), 1u);
  std::map<std::string, std::uint64_t> by_version;
  for (const auto& count : packages.batches[0]) by_version[count.version] += count.count;
  EXPECT_EQ(by_version, (std::map<std::string, std::uint64_t>{{"1.0.0", 3}, {"1.1.0", 1}}));
}

TEST(DownloadTally, writes_nothing_where_nothing_was_counted) {
  test::AccountWorld world;
  Broken packages(world.packages);
  DownloadTally tally;
  EXPECT_TRUE(world.run(tally.flush(packages)));
  EXPECT_TRUE(packages.batches.empty());
}

}  // namespace
}  // namespace kontor
