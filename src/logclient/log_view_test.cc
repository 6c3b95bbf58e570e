// What a client believes of a log, and each way in which a log can be wrong.
#include "logclient/log_view.h"

#include "tests/support/signed_log.h"

#include "logclient/full_read.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace kontor::logclient {
namespace {

using tlog::testing::SignedLog;
using tlog::testing::Signer;
using tlog::testing::SodiumEd25519;

class Counter final : public EntryVisitor {
 public:
  Result<void> entry(std::uint64_t, ByteView) override {
    ++count;
    return {};
  }
  std::uint64_t count = 0;
};

class LogViewTest : public ::testing::Test {
 protected:
  LogViewTest() : policy_(*tlog::parse_policy("log " + log_.vkey() + "\nquorum none\n")) {}

  Result<LogView> open(const std::string& remembered = "") {
    return LogView::open(log_, policy_, ed25519_, remembered);
  }
  std::string grow(std::uint64_t leaves) {
    log_.add_many(leaves);
    log_.publish();
    return log_.checkpoint();
  }
  Result<FullRead> read_all() {
    auto view = open();
    if (!view) return fail(view);
    Counter counter;
    return LogReader(log_, counter).read_to(view->head());
  }

  SignedLog log_;
  tlog::Policy policy_;
  SodiumEd25519 ed25519_;
};

TEST_F(LogViewTest, a_log_that_grows_is_believed_at_every_size) {
  std::string remembered;
  for (const int leaves : {0, 1, 2, 254, 1, 300, 70'000}) {
    grow(static_cast<std::uint64_t>(leaves));
    const auto view = open(remembered);
    ASSERT_TRUE(view) << view.error().message();
    EXPECT_EQ(view->head().size, log_.size());
    remembered = view->note();
  }
}

TEST_F(LogViewTest, another_key_is_not_believed) {
  grow(3);
  SignedLog other(tlog::testing::kTestOrigin, "another key");
  policy_ = *tlog::parse_policy("log " + other.vkey() + "\nquorum none\n");
  EXPECT_EQ(open().error().code, Code::invalid_signature);
}

TEST_F(LogViewTest, a_flipped_byte_of_the_checkpoint_is_found) {
  const auto checkpoint = grow(3);
  for (const std::size_t place : {std::size_t{0}, checkpoint.size() / 3, checkpoint.size() - 4}) {
    log_.files["checkpoint"] = checkpoint;
    log_.files["checkpoint"][place] ^= 1;
    EXPECT_FALSE(open()) << place;
  }
}

TEST_F(LogViewTest, a_shrunk_log_is_refused_with_both_roots) {
  grow(300);
  const auto small = log_.files;
  const auto remembered = grow(10);
  log_.files = small;
  const auto view = open(remembered);
  ASSERT_FALSE(view);
  EXPECT_EQ(view.error().code, Code::invalid_proof);
  EXPECT_THAT(view.error().detail, ::testing::HasSubstr("size 310 with root"));
  EXPECT_THAT(view.error().detail, ::testing::HasSubstr("size 300 with root"));
}

TEST_F(LogViewTest, a_rewritten_history_is_refused_with_both_roots) {
  const auto remembered = grow(300);
  SignedLog rewritten;
  rewritten.add("another first entry\n");
  rewritten.add_many(400);
  rewritten.publish();
  const auto view = LogView::open(rewritten, policy_, ed25519_, remembered);
  ASSERT_FALSE(view);
  EXPECT_EQ(view.error().code, Code::invalid_proof);
  EXPECT_THAT(view.error().detail, ::testing::HasSubstr(log_.proof(0).checkpoint.substr(32, 44)));
}

TEST_F(LogViewTest, two_heads_of_one_size_are_a_fork) {
  const auto remembered = grow(300);
  SignedLog fork;
  fork.add("another first entry\n");
  fork.add_many(299);
  fork.publish();
  EXPECT_EQ(LogView::open(fork, policy_, ed25519_, remembered).error().code, Code::invalid_proof);
}

TEST_F(LogViewTest, a_proof_under_an_older_or_a_newer_checkpoint_holds) {
  grow(300);
  const auto old_proof = log_.proof(7);
  const auto before = log_.files;
  const auto newest = grow(500);
  auto view = open();
  ASSERT_TRUE(view);
  EXPECT_TRUE(view->check_entry(old_proof, log_.leaf(7)));
  EXPECT_EQ(view->head().size, 800U);

  log_.files["checkpoint"] = before.at("checkpoint");
  auto behind = open();
  ASSERT_TRUE(behind);
  EXPECT_EQ(behind->head().size, 300U);
  EXPECT_TRUE(behind->check_entry(old_proof, log_.leaf(7)));
  log_.files["checkpoint"] = newest;
  const auto proved = behind->check_entry(log_.proof(700), log_.leaf(700));
  ASSERT_TRUE(proved) << proved.error().message();
  EXPECT_EQ(behind->head().size, 800U);
  EXPECT_EQ(behind->note(), newest);
  EXPECT_TRUE(behind->check_entry(old_proof, log_.leaf(7)));
}

TEST_F(LogViewTest, a_proof_of_another_leaf_or_from_a_fork_is_refused) {
  grow(300);
  auto view = open();
  ASSERT_TRUE(view);
  EXPECT_EQ(view->check_entry(log_.proof(7), log_.leaf(8)).error().code, Code::invalid_proof);
  EXPECT_EQ(view->check_entry(7, log_.leaf(8)).error().code, Code::invalid_proof);
  EXPECT_TRUE(view->check_entry(7, log_.leaf(7)));

  SignedLog fork;
  fork.add("another first entry\n");
  fork.add_many(400);
  fork.publish();
  EXPECT_EQ(view->check_entry(fork.proof(0), fork.leaf(0)).error().code, Code::invalid_proof);
  EXPECT_EQ(view->head().size, 300U);
}

TEST_F(LogViewTest, a_witness_quorum_is_demanded_of_new_checkpoints_only) {
  const auto unwitnessed = grow(3);
  const Signer witness("witness.example/w1", tlog::SignatureType::cosignature, "w1");
  policy_ = *tlog::parse_policy("log " + log_.vkey() + "\nwitness w1 " +
                                tlog::print_vkey(witness.key()) + "\nquorum w1\n");
  EXPECT_EQ(open().error().code, Code::invalid_signature);
  log_.add_many(1);
  log_.publish({{&witness, 1'760'000'000}});
  const auto view = open(unwitnessed);
  ASSERT_TRUE(view) << view.error().message();
  EXPECT_EQ(view->checkpoint().witnessed.size(), 1U);
}

TEST_F(LogViewTest, a_whole_log_is_read) {
  grow(70'000);
  const auto read = read_all();
  ASSERT_TRUE(read) << read.error().message();
  EXPECT_EQ(read->entries, 70'000U);
  EXPECT_EQ(read->bundles, 274U);
  EXPECT_EQ(read->tiles, 274U + 2 + 1);
}

TEST_F(LogViewTest, a_flipped_byte_of_any_file_is_found_by_a_full_read) {
  grow(600);
  ASSERT_TRUE(read_all());
  const auto sound = log_.files;
  for (const auto& [path, bytes] : sound) {
    for (const std::size_t place : {std::size_t{0}, bytes.size() / 2, bytes.size() - 1}) {
      log_.files = sound;
      log_.files[path][place] ^= 4;
      EXPECT_FALSE(read_all()) << path << " at " << place;
    }
    log_.files = sound;
    log_.files.erase(path);
    EXPECT_FALSE(read_all()) << path << " removed";
  }
}

TEST_F(LogViewTest, a_full_tile_serves_where_the_partial_one_is_gone) {
  const auto small = grow(300);
  grow(400);
  std::erase_if(log_.files, [](const auto& file) { return file.first.ends_with(".p/44"); });
  log_.files["checkpoint"] = small;
  const auto read = read_all();
  ASSERT_TRUE(read) << read.error().message();
  EXPECT_EQ(read->entries, 300U);
}

TEST_F(LogViewTest, a_growing_log_is_read_on_where_the_last_reading_ended) {
  Counter counter;
  LogReader reader(log_, counter);
  for (const std::uint64_t leaves : {0, 100, 0, 156, 1, 1000}) {
    grow(leaves);
    const auto read = reader.read_to(open()->head());
    ASSERT_TRUE(read) << read.error().message();
    EXPECT_EQ(read->entries, leaves);
    EXPECT_EQ(counter.count, log_.size());
  }
  SignedLog fork;
  fork.add("another first entry\n");
  fork.add_many(1300);
  fork.publish();
  log_.files = fork.files;
  EXPECT_EQ(reader.read_to(open()->head()).error().code, Code::invalid_proof);
}

TEST_F(LogViewTest, a_full_read_compares_with_earlier_heads) {
  grow(300);
  const auto older = open()->head();
  grow(300);
  Counter counter;
  std::vector<tlog::Head> earlier = {{0, tlog::empty_root()}, older};
  EXPECT_TRUE(LogReader(log_, counter).read_to(open()->head(), earlier));
  EXPECT_EQ(counter.count, 600U);
  earlier[1].root.bytes[0] ^= 1;
  const auto read = LogReader(log_, counter).read_to(open()->head(), earlier);
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error().detail, ::testing::HasSubstr(older.root.base64()));
}

}  // namespace
}  // namespace kontor::logclient
