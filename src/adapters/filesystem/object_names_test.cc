// Names of blobs as links: what they lead to, and that they cost no bytes.
#include "adapters/filesystem/object_names.h"

#include "base/sha256.h"
#include "ports/entropy.h"
#include "tests/support/temp_folder.h"
#include "tests/support/test_loop.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

namespace kontor::fs {
namespace {

namespace stdfs = std::filesystem;

class NoEntropy final : public Entropy {
 public:
  Bytes bytes(std::size_t count) override { return Bytes(count, 'x'); }
};

class InlineWorkers final : public Workers {
 public:
  bool submit(std::move_only_function<void()> work) override {
    work();
    return true;
  }
};

const std::string kKey = "packages/@ada/rust/v1.0.0.progy";

struct Names {
  Names() {
    for (const auto& path : {layout.blobs(), layout.staging()}) stdfs::create_directories(path);
  }
  Sha256 blob(const std::string& bytes) {
    const auto digest = sha256(bytes);
    std::ofstream(layout.blob(digest)) << bytes;
    return digest;
  }
  std::string path(const std::string& key) { return layout.root + "/" + key; }
  std::string read(const std::string& key) {
    std::ifstream file(path(key));
    return {std::istreambuf_iterator<char>(file), {}};
  }
  Result<void> give(const std::string& key, const Sha256& digest) {
    return loop.run(names.give({key, digest, "1", "1.0.0"}));
  }

  test::TempFolder folder;
  BlobLayout layout{folder.path()};
  NoEntropy entropy;
  InlineWorkers workers;
  test::TestLoop loop;
  ObjectNames names{layout, entropy, workers, loop};
};

TEST(ObjectNames, a_name_is_another_name_of_the_same_file) {
  Names h;
  const auto digest = h.blob("a course");
  for (int twice = 0; twice < 2; ++twice) ASSERT_TRUE(h.give(kKey, digest));
  EXPECT_EQ(h.read(kKey), "a course");
  EXPECT_TRUE(stdfs::equivalent(h.layout.blob(digest), h.path(kKey)));
  EXPECT_EQ(stdfs::hard_link_count(h.layout.blob(digest)), 2u);
  EXPECT_TRUE(stdfs::is_empty(h.layout.staging()));
}

TEST(ObjectNames, the_blob_that_loses_its_name_stays_under_its_digest) {
  Names h;
  const auto before = h.blob("before"), after = h.blob("after");
  ASSERT_TRUE(h.give(kKey, before));
  ASSERT_TRUE(h.give(kKey, after));
  EXPECT_EQ(h.read(kKey), "after");
  EXPECT_EQ(stdfs::hard_link_count(h.layout.blob(before)), 1u);
  EXPECT_TRUE(stdfs::is_empty(h.layout.staging()));
}

TEST(ObjectNames, a_name_that_is_taken_leaves_the_blob) {
  Names h;
  const auto digest = h.blob("a course");
  ASSERT_TRUE(h.give(kKey, digest));
  for (int twice = 0; twice < 2; ++twice) EXPECT_TRUE(h.loop.run(h.names.take(kKey)));
  EXPECT_FALSE(stdfs::exists(h.path(kKey)));
  EXPECT_TRUE(stdfs::exists(h.layout.blob(digest)));
}

TEST(ObjectNames, what_is_not_there_gets_no_name) {
  Names h;
  EXPECT_EQ(h.give(kKey, sha256("nothing")).error().code, Code::not_found);
  EXPECT_FALSE(stdfs::exists(h.path(kKey)));
}

TEST(ObjectNames, no_key_leads_out_of_the_store) {
  Names h;
  const auto digest = h.blob("a course");
  for (const char* key : {"", "/packages", "packages/../../out", "packages/./a", "a//b"}) {
    EXPECT_EQ(h.give(key, digest).error().code, Code::internal) << key;
    EXPECT_EQ(h.loop.run(h.names.take(key)).error().code, Code::internal) << key;
  }
}

TEST(ObjectNames, making_them_anew_leaves_exactly_those) {
  Names h;
  const auto first = h.blob("first"), second = h.blob("second");
  ASSERT_TRUE(h.give(kKey, second));
  ASSERT_TRUE(h.give("packages/@bob/old/v1.0.0.progy", first));
  const std::vector<ObjectName> names = {
      {kKey, first, {}, {}},
      {"packages/@ada/rust/v1.1.0.progy", second, {}, {}},
      {"packages/@ada/lost/v1.0.0.progy", sha256("lost"), {}, {}}};
  ASSERT_TRUE(make_names(h.layout, names));
  EXPECT_EQ(h.read(kKey), "first");
  EXPECT_EQ(h.read(names[1].key), "second");
  EXPECT_FALSE(stdfs::exists(h.path("packages/@bob")));
  EXPECT_FALSE(stdfs::exists(h.path("packages/@ada/lost")));
  ASSERT_TRUE(make_names(h.layout, {}));
  EXPECT_FALSE(stdfs::exists(h.path("packages/@ada")));
  EXPECT_TRUE(stdfs::exists(h.layout.blob(first)));
}

}  // namespace
}  // namespace kontor::fs
