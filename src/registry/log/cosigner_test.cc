// A server's quorum: real witnesses in memory, some of them away, behind, or wrong.
#include "registry/log/cosigner.h"

#include "tests/support/signed_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>

namespace kontor {
namespace {

using ::testing::HasSubstr;
using tlog::testing::SignedLog;
using tlog::testing::Signer;
using tlog::testing::SodiumEd25519;

constexpr std::uint64_t kNow = 1'760'000'000;

// A witness that believes proofs without looking and keeps count.
struct FakeWitness {
  Signer signer;
  std::uint64_t size = 0;
  bool away = false;
  bool forges = false;
  int asked = 0;

  Result<WitnessReply> answer(const Bytes& body) {
    ++asked;
    if (away) return fail(Code::unavailable, "no answer");
    const auto request = tlog::parse_add_checkpoint(body);
    if (!request) return WitnessReply{400, "", "malformed\n"};
    if (request->old_size != size)
      return WitnessReply{409, std::string(tlog::kWitnessSizeType), std::to_string(size) + "\n"};
    const auto note = *tlog::parse_note(request->checkpoint);
    const auto now = *tlog::parse_checkpoint(note.text);
    EXPECT_EQ(request->proof.empty(), size == 0 || size == now.head.size);
    size = now.head.size;
    const auto line = signer.line(forges ? "another text\n" : note.text, kNow);
    return WitnessReply{200, "text/plain", tlog::print_signatures({&line, 1})};
  }
};

class Caller final : public WitnessCaller {
 public:
  Task<WitnessReply> post(std::string url, Bytes body) override {
    const auto at = witnesses.find(url);
    if (at == witnesses.end()) co_return fail(Code::unavailable, "nobody at " + url);
    co_return co_await at->second->answer(body);
  }
  std::map<std::string, FakeWitness*> witnesses;
};

class CosignerTest : public ::testing::Test {
 protected:
  CosignerTest() {
    std::string text = "log " + log_.vkey() + "\n";
    for (int i = 0; i < 3; ++i) {
      const std::string name = "w" + std::to_string(i), url = "https://" + name + ".example";
      witnesses_.push_back({{name, tlog::SignatureType::cosignature, name}});
      text.append("witness ").append(name).append(" ");
      text.append(tlog::print_vkey(witnesses_.back().signer.key())).append(" " + url + "/\n");
    }
    for (int i = 0; i < 3; ++i)
      caller_.witnesses["https://w" + std::to_string(i) + ".example/add-checkpoint"] =
          &witnesses_[static_cast<std::size_t>(i)];
    policy_ = *tlog::parse_policy(text + "group two 2 w0 w1 w2\nquorum two\n");
    cosigner_ = std::make_unique<Cosigner>(policy_, caller_, ed25519_);
  }

  Result<Bytes> grow_and_cosign(std::uint64_t leaves) {
    log_.add_many(leaves);
    while (tree_.size() < log_.size()) tree_.add(tlog::leaf_hash(log_.leaf(tree_.size())));
    log_.publish();
    auto task = cosigner_->cosign(log_.checkpoint(), tree_head(),
                                  [this](auto older, auto newer) { return prove(older, newer); });
    task.start();
    EXPECT_TRUE(task.done());
    return task.take();
  }
  tlog::Head tree_head() {
    return tlog::parse_checkpoint(tlog::parse_note(log_.checkpoint())->text)->head;
  }
  Task<tlog::Proof> prove(std::uint64_t older, std::uint64_t newer) {
    co_return tlog::prove_consistency(older, newer, tree_);
  }
  std::size_t cosigned(const Result<Bytes>& note) {
    EXPECT_TRUE(note) << note.error().message();
    const auto opened =
        note ? tlog::open_checkpoint(*note, policy_, ed25519_) : std::unexpected(note.error());
    EXPECT_TRUE(opened) << opened.error().message();
    return opened ? opened->witnessed.size() : 0;
  }

  SignedLog log_;
  tlog::testing::LogTree tree_;
  std::vector<FakeWitness> witnesses_;
  Caller caller_;
  SodiumEd25519 ed25519_;
  tlog::Policy policy_;
  std::unique_ptr<Cosigner> cosigner_;
};

TEST_F(CosignerTest, all_witnesses_cosign_a_growing_log) {
  for (const std::uint64_t leaves : {1, 300, 0, 7})
    EXPECT_EQ(cosigned(grow_and_cosign(leaves)), 3U);
  for (const auto& witness : witnesses_) EXPECT_EQ(witness.asked, 4);
}

TEST_F(CosignerTest, a_witness_that_knows_the_log_already_is_asked_again_from_its_size) {
  grow_and_cosign(300);
  cosigner_ = std::make_unique<Cosigner>(policy_, caller_, ed25519_);
  EXPECT_EQ(cosigned(grow_and_cosign(5)), 3U);
  EXPECT_EQ(witnesses_[0].asked, 3);
}

TEST_F(CosignerTest, a_quorum_is_enough_and_who_is_away_is_left_alone_for_a_while) {
  witnesses_[1].away = true;
  EXPECT_EQ(cosigned(grow_and_cosign(3)), 2U);
  for (int i = 0; i < 14; ++i) EXPECT_EQ(cosigned(grow_and_cosign(1)), 2U);
  EXPECT_EQ(witnesses_[1].asked, 1);
  witnesses_[1].away = false;
  EXPECT_EQ(cosigned(grow_and_cosign(1)), 3U) << "the sixteenth round";
}

TEST_F(CosignerTest, without_a_quorum_the_checkpoint_is_refused_with_all_reasons) {
  witnesses_[0].away = true;
  witnesses_[2].forges = true;
  auto note = grow_and_cosign(3);
  ASSERT_FALSE(note);
  EXPECT_EQ(note.error().code, Code::unavailable);
  EXPECT_THAT(note.error().detail, HasSubstr("1 witnesses"));
  EXPECT_THAT(note.error().detail, HasSubstr("w0: no answer"));
  EXPECT_THAT(note.error().detail, HasSubstr("w2: The signature of w2 does not fit"));
  witnesses_[0].away = false;
  EXPECT_EQ(cosigned(grow_and_cosign(1)), 2U) << "asked again since it is needed";
}

TEST_F(CosignerTest, a_witness_that_is_ahead_of_the_log_does_not_cosign) {
  witnesses_[0].size = 1000;
  EXPECT_EQ(cosigned(grow_and_cosign(3)), 2U);
  witnesses_[1].away = true;
  const auto note = grow_and_cosign(1);
  ASSERT_FALSE(note);
  EXPECT_THAT(note.error().detail, HasSubstr("w0: It has cosigned 1000 entries, more than"));
}

TEST_F(CosignerTest, without_a_quorum_in_the_policy_nobody_is_needed) {
  policy_ = *tlog::parse_policy("log " + log_.vkey() + "\nquorum none\n");
  cosigner_ = std::make_unique<Cosigner>(policy_, caller_, ed25519_);
  const auto note = grow_and_cosign(3);
  ASSERT_TRUE(note);
  EXPECT_EQ(*note, log_.checkpoint());
}

}  // namespace
}  // namespace kontor
