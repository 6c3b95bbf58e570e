// A witness, and a log that asks it: what is cosigned, and each refusal of the protocol.
#include "logclient/witness.h"

#include "tests/support/signed_log.h"

#include "logclient/tile_fetcher.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

namespace kontor::logclient {
namespace {

using tlog::testing::SignedLog;
using tlog::testing::Signer;
using tlog::testing::SodiumEd25519;

constexpr std::uint64_t kNow = 1'760'003'600;

class MemoryHeads final : public WitnessHeads {
 public:
  Result<tlog::Head> read(const std::string& origin) override {
    const auto at = heads.find(origin);
    return at == heads.end() ? tlog::Head{0, tlog::empty_root()} : at->second;
  }
  Result<void> store(const std::string& origin, const tlog::Head& head,
                     const std::string&) override {
    if (broken) return fail(Code::storage_full);
    heads[origin] = head;
    return {};
  }
  std::map<std::string, tlog::Head> heads;
  bool broken = false;
};

class TestSigner final : public WitnessSigner {
 public:
  const tlog::NoteKey& key() const override { return signer_.key(); }
  tlog::RawSignature sign(ByteView message) const override { return signer_.sign(message); }

 private:
  Signer signer_{"witness.example/w1", tlog::SignatureType::cosignature, "w1"};
};

class WitnessTest : public ::testing::Test {
 protected:
  WitnessTest() : policy_(*tlog::parse_policy("log " + log_.vkey() + "\nquorum none\n")) {}

  void grow(std::uint64_t leaves) {
    log_.add_many(leaves);
    log_.publish();
  }
  tlog::AddCheckpoint request(std::uint64_t old_size) {
    tlog::AddCheckpoint asked{old_size, {}, log_.checkpoint()};
    if (old_size > 0)
      asked.proof = *tlog::prove_consistency(old_size, log_.size(), TileFetcher(log_, log_.size()));
    return asked;
  }
  WitnessReply ask(const tlog::AddCheckpoint& asked) {
    return witness_.add_checkpoint(tlog::print_add_checkpoint(asked), kNow);
  }
  Result<tlog::WitnessAnswer> read(const WitnessReply& reply) {
    return tlog::read_witness_answer(reply.status, reply.type, reply.body, log_.checkpoint(),
                                     signer_.key(), ed25519_);
  }

  SignedLog log_;
  tlog::Policy policy_;
  MemoryHeads heads_;
  TestSigner signer_;
  SodiumEd25519 ed25519_;
  Witness witness_{policy_, heads_, signer_, ed25519_};
};

TEST_F(WitnessTest, what_continues_is_cosigned_and_kept) {
  std::uint64_t old_size = 0;
  for (const std::uint64_t leaves : {0, 3, 0, 300, 1}) {
    grow(leaves);
    const auto reply = ask(request(old_size));
    ASSERT_EQ(reply.status, 200) << reply.body;
    const auto answer = read(reply);
    ASSERT_TRUE(answer) << answer.error().message();
    const auto note =
        tlog::add_signature(log_.checkpoint(), std::get<tlog::NoteSignature>(*answer));
    const auto opened =
        tlog::open_checkpoint(*note,
                              *tlog::parse_policy("log " + log_.vkey() + "\nwitness w " +
                                                  tlog::print_vkey(signer_.key()) + "\nquorum w\n"),
                              ed25519_);
    ASSERT_TRUE(opened) << opened.error().message();
    EXPECT_EQ(opened->witnessed, (std::vector<tlog::WitnessedAt>{{0, kNow}}));
    EXPECT_EQ(heads_.heads[tlog::testing::kTestOrigin], opened->checkpoint.head);
    old_size = log_.size();
  }
}

TEST_F(WitnessTest, a_log_that_lost_count_is_told_the_size) {
  grow(300);
  ASSERT_EQ(ask(request(0)).status, 200);
  grow(10);
  for (const std::uint64_t guess : {0, 299, 310}) {
    const auto reply = ask(request(guess));
    EXPECT_EQ(reply.status, 409);
    EXPECT_EQ(reply.type, tlog::kWitnessSizeType);
    EXPECT_EQ(reply.body, "300\n");
    EXPECT_EQ(std::get<std::uint64_t>(*read(reply)), 300U);
  }
  EXPECT_EQ(ask(request(300)).status, 200);
}

TEST_F(WitnessTest, what_does_not_continue_is_refused_and_nothing_changes) {
  grow(300);
  ASSERT_EQ(ask(request(0)).status, 200);
  const auto kept = heads_.heads;
  SignedLog fork;
  fork.add("another first entry\n");
  fork.add_many(299);
  fork.publish();
  EXPECT_EQ(ask({300, {}, fork.checkpoint()}).status, 422) << "same size, another root";
  fork.add_many(10);
  fork.publish();
  const auto proof = *tlog::prove_consistency(300, 310, TileFetcher(fork, 310));
  EXPECT_EQ(ask({300, proof, fork.checkpoint()}).status, 422);
  grow(10);
  auto cut = request(300);
  cut.proof.pop_back();
  EXPECT_EQ(ask(cut).status, 422);
  EXPECT_EQ(heads_.heads, kept);
}

TEST_F(WitnessTest, other_logs_other_keys_and_malformed_requests_are_refused) {
  grow(3);
  SignedLog other("other.example/log");
  other.add_many(3);
  other.publish();
  EXPECT_EQ(ask({0, {}, other.checkpoint()}).status, 404);
  SignedLog imposter(tlog::testing::kTestOrigin, "another key");
  imposter.add_many(3);
  imposter.publish();
  EXPECT_EQ(ask({0, {}, imposter.checkpoint()}).status, 403);
  EXPECT_EQ(ask({4, {}, log_.checkpoint()}).status, 400);
  for (const std::string& body :
       {std::string(), std::string("old 0\n"), "old 00\n\n" + log_.checkpoint(),
        "old 0\nxyz\n\n" + log_.checkpoint(), "old -1\n\n" + log_.checkpoint(),
        "old 0\n" + log_.checkpoint()})
    EXPECT_EQ(witness_.add_checkpoint(body, kNow).status, 400) << body;
  EXPECT_TRUE(heads_.heads.empty());
}

TEST_F(WitnessTest, nothing_is_cosigned_that_cannot_be_kept) {
  grow(3);
  heads_.broken = true;
  const auto reply = ask(request(0));
  EXPECT_EQ(reply.status, 503);
  EXPECT_EQ(read(reply).error().code, Code::unavailable);
}

TEST_F(WitnessTest, a_log_believes_only_the_witnesses_own_good_cosignature) {
  grow(3);
  auto reply = ask(request(0));
  const Signer stranger("witness.example/w1", tlog::SignatureType::cosignature, "stranger");
  EXPECT_FALSE(tlog::read_witness_answer(200, reply.type, reply.body, log_.checkpoint(),
                                         stranger.key(), ed25519_));
  grow(1);
  EXPECT_EQ(read(reply).error().code, Code::invalid_signature) << "of another checkpoint";
  reply.body = "no signature\n";
  EXPECT_FALSE(read(reply));
  reply = {.status = 409, .body = "300\n"};
  EXPECT_FALSE(read(reply)) << "no size without its type";
}

TEST(AddCheckpoint, prints_what_it_was_parsed_from) {
  SignedLog log;
  log.add_many(300);
  log.publish();
  const tlog::AddCheckpoint request{77, *tlog::prove_consistency(77, 300, TileFetcher(log, 300)),
                                    log.checkpoint()};
  EXPECT_EQ(tlog::parse_add_checkpoint(tlog::print_add_checkpoint(request)), request);
}

}  // namespace
}  // namespace kontor::logclient
