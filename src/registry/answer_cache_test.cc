// What is kept, what goes first, and that the budget holds.
#include "registry/answer_cache.h"

#include "adapters/memory/fakes.h"

#include <gtest/gtest.h>

namespace kontor {
namespace {

KeptAnswer answer(std::string etag) {
  KeptAnswer out;
  out.etag = std::move(etag);
  out.subject.key.name = "pkg";
  out.subject.owners = {{UserId(1), "ann", "", OwnerRole::maintainer}};
  return out;
}

struct Cache : testing::Test {
  std::string etag_of(const AnswerKey& key) {
    const auto* found = cache.find(key);
    return found ? found->etag : "";
  }
  memory::FakeEntropy entropy;
  AnswerCache cache{16 * 1024, entropy};
};

TEST_F(Cache, each_part_of_the_key_counts) {
  const AnswerKey key{"/a", "http://h", "json", "gzip"};
  cache.put(key, answer("1"));
  EXPECT_EQ(etag_of(key), "1");
  EXPECT_EQ(etag_of({"/b", "http://h", "json", "gzip"}), "");
  EXPECT_EQ(etag_of({"/a", "http://i", "json", "gzip"}), "");
  EXPECT_EQ(etag_of({"/a", "http://h", "html", "gzip"}), "");
  EXPECT_EQ(etag_of({"/a", "http://h", "json", "br"}), "");
  cache.put(key, answer("2"));
  EXPECT_EQ(etag_of(key), "2");
}

TEST_F(Cache, what_decide_is_asked_about_is_in_the_entry) {
  cache.put({"/a", "", "", ""}, answer("1"));
  const auto* found = cache.find({"/a", "", "", ""});
  EXPECT_EQ(found->resource.package, "pkg");
  EXPECT_EQ(found->resource.owners, &found->subject.owners);
}

TEST_F(Cache, one_path_has_a_bounded_number_of_forms) {
  AnswerCache large(1 << 20, entropy);
  for (int i = 0; i < 100; ++i) large.put({"/a", "", std::to_string(i), ""}, answer("1"));
  int kept = 0;
  for (int i = 0; i < 100; ++i) kept += large.find({"/a", "", std::to_string(i), ""}) != nullptr;
  EXPECT_EQ(kept, static_cast<int>(AnswerCache::kForms));
  EXPECT_TRUE(large.find({"/a", "", "99", ""}));
}

TEST_F(Cache, what_is_used_outlives_a_flood_of_what_is_not) {
  cache.put({"/hot", "", "", ""}, answer("hot"));
  for (int i = 0; i < 1000; ++i) {
    EXPECT_EQ(etag_of({"/hot", "", "", ""}), "hot") << i;
    cache.put({"/" + std::to_string(i), "", "", ""}, answer("cold"));
    EXPECT_LE(cache.bytes(), 16u * 1024);
  }
  EXPECT_EQ(etag_of({"/0", "", "", ""}), "");
}

TEST_F(Cache, all_may_be_used_and_something_still_goes) {
  for (int i = 0; i < 200; ++i) {
    const std::string path = "/" + std::to_string(i);
    cache.put({path, "", "", ""}, answer("1"));
    EXPECT_EQ(etag_of({path, "", "", ""}), "1");
  }
  EXPECT_LE(cache.bytes(), 16u * 1024);
}

TEST_F(Cache, long_keys_and_too_small_budgets_keep_nothing) {
  const std::string path = "/" + std::string(AnswerCache::kLongestKey, 'a');
  cache.put({path, "", "", ""}, answer("1"));
  EXPECT_EQ(etag_of({path, "", "", ""}), "");
  AnswerCache none(0, entropy);
  none.put({"/a", "", "", ""}, answer("1"));
  EXPECT_FALSE(none.find({"/a", "", "", ""}));
  EXPECT_EQ(none.bytes(), 0u);
}

TEST_F(Cache, other_settings_forget_everything) {
  const auto settings = std::make_shared<const Settings>();
  cache.use(settings);
  cache.put({"/a", "", "", ""}, answer("1"));
  cache.use(settings);
  EXPECT_EQ(etag_of({"/a", "", "", ""}), "1");
  cache.use(std::make_shared<const Settings>());
  EXPECT_EQ(etag_of({"/a", "", "", ""}), "");
  EXPECT_EQ(cache.bytes(), 0u);
}

}  // namespace
}  // namespace kontor
