// Offline proofs: their form, and what they prove.
#include "tlog/tlog_proof.h"

#include "tests/support/log_tree.h"
#include "tests/support/sodium_ed25519.h"

#include <gtest/gtest.h>

namespace kontor::tlog {
namespace {

using testing::LogTree;
using testing::Signer;
using testing::SodiumEd25519;

Code refusal(const auto& result) {
  return result ? Code::internal : result.error().code;
}

const std::string kHash = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
const std::string kHead = "c2sp.org/tlog-proof@v1\n";

TEST(TlogProof, prints_as_it_was_read) {
  const std::vector<std::string> texts = {
      kHead + "index 0\n\ncheckpoint",
      kHead + "index 9223372036854775807\n" + kHash + kHash + "\ncheckpoint\n\nmore\n",
      kHead + "extra aGVsbG8=\nindex 7\n" + kHash + "\nx",
      kHead + "extra \nindex 7\n\nx",
  };
  for (const std::string& text : texts) {
    const auto proof = parse_tlog_proof(text);
    ASSERT_TRUE(proof.has_value()) << text;
    EXPECT_EQ(print_tlog_proof(*proof), text);
  }
  EXPECT_EQ(parse_tlog_proof(kHead + "extra aGVsbG8=\nindex 7\n\nx")->extra, "hello");
  EXPECT_EQ(parse_tlog_proof(kHead + "index 7\n\nx")->extra, std::nullopt);
}

TEST(TlogProof, is_refused_in_any_other_form) {
  const std::vector<std::string> texts = {
      std::string(),
      kHead,
      kHead + "index 0\n",
      kHead + "index 0\n\n",
      std::string("index 0\n\nx"),
      kHead + "\nx",
      kHead + "index \n\nx",
      kHead + "index 00\n\nx",
      kHead + "index -1\n\nx",
      kHead + "index 1 \n\nx",
      kHead + "index 9223372036854775808\n\nx",
      kHead + "Index 0\n\nx",
      "c2sp.org/tlog-proof@v2\nindex 0\n\nx",
      "c2sp.org/tlog-proof@v1\r\nindex 0\n\nx",
      kHead + "index 0\nextra AAAA\n\nx",
      kHead + "extra AAAA\nextra AAAA\nindex 0\n\nx",
      kHead + "extra AAA\nindex 0\n\nx",
      kHead + "extra AAAA\n\nx",
      kHead + "index 0\nCsUYapGGPo4dkMgIAUqom\n\nx",
      kHead + "index 0\n" + kHash + "x",
      kHead + "index 0\n" + kHash + " \nx",
      kHead + "index 0\n " + kHash + "\nx",
      kHead + "index 0\nindex 0\n\nx",
  };
  for (const std::string& text : texts)
    EXPECT_EQ(refusal(parse_tlog_proof(text)), Code::bad_request) << text;
}

TEST(TlogProof, has_limits) {
  std::string hashes;
  for (int i = 0; i < 63; ++i) hashes += kHash;
  EXPECT_TRUE(parse_tlog_proof(kHead + "index 0\n" + hashes + "\nx").has_value());
  EXPECT_EQ(refusal(parse_tlog_proof(kHead + "index 0\n" + hashes + kHash + "\nx")),
            Code::bad_request);
  const std::string start = kHead + "index 0\n\n";
  EXPECT_TRUE(
      parse_tlog_proof(start + std::string(kMaxTlogProofBytes - start.size(), 'x')).has_value());
  EXPECT_EQ(
      refusal(parse_tlog_proof(start + std::string(kMaxTlogProofBytes - start.size() + 1, 'x'))),
      Code::too_large);
}

class TlogProofs : public ::testing::Test {
 protected:
  LogTree tree_{100};
  Signer log_{"log.example/x", SignatureType::ed25519, "log"};
  LogTrust trust_{{log_.key()}, {}, 0};
  SodiumEd25519 ed25519_;

  std::string checkpoint(const Head& head) {
    const std::string text = print_checkpoint({log_.key().name, head, {}});
    return print_note({text, {log_.line(text)}});
  }
  TlogProof prove(std::uint64_t index, std::uint64_t size) {
    return {std::nullopt, index, *prove_inclusion(index, size, tree_),
            checkpoint(tree_.head(size))};
  }
};

TEST_F(TlogProofs, show_each_entry_under_its_checkpoint) {
  for (std::uint64_t index = 0; index < 100; ++index) {
    const auto proof = parse_tlog_proof(print_tlog_proof(prove(index, 100)));
    ASSERT_TRUE(proof.has_value());
    const auto shown =
        verify_tlog_proof(*proof, "entry " + std::to_string(index), trust_, ed25519_);
    ASSERT_TRUE(shown.has_value()) << index;
    EXPECT_EQ(shown->checkpoint.head, tree_.head(100));
  }
}

TEST_F(TlogProofs, show_nothing_else) {
  const TlogProof proof = prove(42, 100);
  EXPECT_EQ(refusal(verify_tlog_proof(proof, "entry 43", trust_, ed25519_)), Code::invalid_proof);
  EXPECT_EQ(refusal(verify_tlog_proof(proof, "entry 4", trust_, ed25519_)), Code::invalid_proof);
  auto wrong = proof;
  wrong.index = 43;
  EXPECT_EQ(refusal(verify_tlog_proof(wrong, "entry 42", trust_, ed25519_)), Code::invalid_proof);
  wrong.index = 100;
  EXPECT_EQ(refusal(verify_tlog_proof(wrong, "entry 42", trust_, ed25519_)), Code::invalid_proof);
  wrong = proof;
  wrong.checkpoint = checkpoint(tree_.head(99));
  EXPECT_EQ(refusal(verify_tlog_proof(wrong, "entry 42", trust_, ed25519_)), Code::invalid_proof);
}

TEST_F(TlogProofs, are_refused_after_any_flipped_bit) {
  const std::string text = print_tlog_proof(prove(42, 100));
  std::size_t refused = 0;
  for (std::size_t bit = 0; bit < 8 * text.size(); ++bit) {
    std::string flipped = text;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ 1 << bit % 8);
    const auto proof = parse_tlog_proof(flipped);
    if (!proof || !verify_tlog_proof(*proof, "entry 42", trust_, ed25519_)) ++refused;
  }
  EXPECT_EQ(refused, 8 * text.size());
}

TEST_F(TlogProofs, need_a_trusted_checkpoint) {
  const Signer other("log.example/x", SignatureType::ed25519, "other");
  trust_.log_keys = {other.key()};
  EXPECT_EQ(refusal(verify_tlog_proof(prove(1, 2), "entry 1", trust_, ed25519_)),
            Code::invalid_signature);
}

}  // namespace
}  // namespace kontor::tlog
