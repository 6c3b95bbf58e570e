// The keys of a log in real files: made once, kept to oneself, and never used for a second history.
#include "adapters/memory/fakes.h"
#include "apps/server/signing/key_ring.h"
#include "tests/support/log_tree.h"
#include "tests/support/temp_folder.h"
#include "tlog/signed_checkpoint.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace kontor::signing {
namespace {

constexpr LogId kLog = LogId::open;

class LogSignerTest : public testing::Test {
 protected:
  Result<std::unique_ptr<KeyRing>> open(const std::string& host = "registry.example") {
    return KeyRing::open(keys, host, entropy);
  }
  Result<Bytes> sign(KeyRing& ring, std::uint64_t from, std::uint64_t to) {
    return ring.sign_checkpoint(kLog, tree.head(to), *tlog::prove_consistency(from, to, tree));
  }

  test::TempFolder folder;
  std::string keys = folder.path() + "/keys";
  memory::FakeEntropy entropy;
  tlog::testing::LogTree tree{20};
};

TEST_F(LogSignerTest, keys_are_made_once_and_belong_to_their_owner) {
  const auto first = (*open())->log_keys(kLog), second = (*open("other.example"))->log_keys(kLog);
  ASSERT_EQ(first.size(), 1u);
  EXPECT_EQ(first, second);
  EXPECT_EQ(first[0].name, "registry.example/log/public");
  EXPECT_NE(first[0].public_key, (*open())->log_keys(LogId::audit)[0].public_key);
  for (const auto& entry : std::filesystem::directory_iterator(keys))
    EXPECT_EQ(entry.status().permissions(),
              std::filesystem::perms::owner_read | std::filesystem::perms::owner_write)
        << entry.path();
}

// Base64 of seeds and keys may hold the sign that parts the fields.
TEST_F(LogSignerTest, reads_back_whatever_key_it_made) {
  for (std::uint64_t seed = 1; seed <= 64; ++seed) {
    keys = folder.path() + "/keys" + std::to_string(seed);
    entropy = memory::FakeEntropy(seed);
    const auto made = open();
    ASSERT_TRUE(made);
    const auto read = open();
    ASSERT_TRUE(read) << seed << ": " << read.error().message();
    for (const LogId log : kLogs) EXPECT_EQ((*made)->log_keys(log), (*read)->log_keys(log));
  }
}

TEST_F(LogSignerTest, what_it_signs_verifies) {
  auto ring = open();
  const auto note = sign(**ring, 0, 7);
  ASSERT_TRUE(note);
  const tlog::LogTrust trust{(*ring)->log_keys(kLog), {}, 0};
  const auto opened = tlog::open_checkpoint(*note, trust, host::SodiumEd25519());
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->checkpoint.head, tree.head(7));
  EXPECT_EQ((*ring)->signed_head(kLog), tree.head(7));
  EXPECT_TRUE(sign(**ring, 7, 20));
}

TEST_F(LogSignerTest, refuses_a_head_that_does_not_extend_the_last_also_after_a_restart) {
  ASSERT_TRUE(sign(**open(), 0, 7));
  auto ring = open();
  tlog::testing::LogTree other;
  for (int i = 0; i < 9; ++i) other.add(tlog::leaf_hash("other " + std::to_string(i)));
  EXPECT_EQ((*ring)
                ->sign_checkpoint(kLog, other.head(9), *tlog::prove_consistency(7, 9, other))
                .error()
                .code,
            Code::invalid_proof);
  EXPECT_FALSE((*ring)->sign_checkpoint(kLog, other.head(7), {}));
  EXPECT_FALSE((*ring)->sign_checkpoint(kLog, tree.head(6), {}));
  EXPECT_FALSE((*ring)->sign_checkpoint(kLog, tree.head(20), {}));
  EXPECT_EQ((*ring)->signed_head(kLog), tree.head(7));
  EXPECT_TRUE(sign(**ring, 7, 7));
}

TEST_F(LogSignerTest, a_new_key_signs_beside_the_old_one_until_that_is_retired) {
  auto ring = open();
  const auto old = (*ring)->log_keys(kLog)[0];
  ASSERT_TRUE(sign(**ring, 0, 7));
  const auto fresh = (*ring)->rotate_log_key(kLog);
  ASSERT_TRUE(fresh);
  EXPECT_EQ(fresh->name, old.name);
  ring = open();
  EXPECT_EQ((*ring)->log_keys(kLog), (std::vector{*fresh, old}));
  const auto both = sign(**ring, 7, 9);
  ASSERT_TRUE(both);
  for (const auto& key : {old, *fresh})
    EXPECT_TRUE(tlog::open_checkpoint(*both, tlog::LogTrust{{key}, {}, 0}, host::SodiumEd25519()));
  const RetiredLogKey ended{old, Timestamp{1}};
  EXPECT_EQ(*(*ring)->retire_log_keys(kLog, Timestamp{1}), std::vector{ended});
  ring = open();
  EXPECT_EQ((*ring)->log_keys(kLog), std::vector{*fresh});
  EXPECT_EQ((*ring)->retired_log_keys(kLog), std::vector{ended});
  EXPECT_EQ((*ring)->signed_head(kLog), tree.head(9));
  const auto alone = sign(**ring, 9, 20);
  EXPECT_FALSE(tlog::open_checkpoint(*alone, tlog::LogTrust{{old}, {}, 0}, host::SodiumEd25519()));
  EXPECT_TRUE(
      tlog::open_checkpoint(*alone, tlog::LogTrust{{*fresh}, {}, 0}, host::SodiumEd25519()));
}

TEST_F(LogSignerTest, keys_are_few_and_one_stays) {
  auto ring = open();
  EXPECT_EQ((*ring)->retire_log_keys(kLog, Timestamp{1}).error().code, Code::conflict);
  for (int i = 0; i < 3; ++i) ASSERT_TRUE((*ring)->rotate_log_key(kLog));
  EXPECT_EQ((*ring)->rotate_log_key(kLog).error().code, Code::too_large);
  EXPECT_EQ((*ring)->log_keys(kLog).size(), 4u);
  EXPECT_EQ((*ring)->retire_log_keys(kLog, Timestamp{1})->size(), 3u);
  ASSERT_TRUE((*ring)->rotate_log_key(kLog));
  EXPECT_EQ((*open())->log_keys(kLog).size(), 2u);
  EXPECT_EQ((*ring)->log_keys(LogId::audit).size(), 1u);
}

TEST_F(LogSignerTest, a_rotation_that_cannot_be_kept_has_not_happened) {
  auto ring = open();
  const auto before = (*ring)->log_keys(kLog);
  std::filesystem::create_directories(keys + "/log-public.key.new/full");
  EXPECT_FALSE((*ring)->rotate_log_key(kLog));
  EXPECT_EQ((*ring)->log_keys(kLog), before);
}

TEST_F(LogSignerTest, refuses_to_start_with_a_key_that_others_may_read) {
  ASSERT_TRUE(open());
  std::filesystem::permissions(keys + "/log-public.key", std::filesystem::perms::group_read,
                               std::filesystem::perm_options::add);
  EXPECT_EQ(open().error().code, Code::unavailable);
}

TEST_F(LogSignerTest, refuses_to_start_with_a_damaged_file_or_a_lost_key) {
  ASSERT_TRUE(sign(**open(), 0, 7));
  const std::string key = keys + "/log-public.key";
  std::filesystem::rename(key, key + ".kept");
  EXPECT_EQ(open().error().code, Code::unavailable);  // a new key would be another log's
  std::filesystem::rename(key + ".kept", key);
  ASSERT_TRUE(open());
  std::filesystem::resize_file(key, std::filesystem::file_size(key) - 2);
  EXPECT_EQ(open().error().code, Code::unavailable);
}

}  // namespace
}  // namespace kontor::signing
