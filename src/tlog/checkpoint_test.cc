// Checkpoints: their form, and which are believed.
#include "tlog/checkpoint.h"

#include "tests/support/log_tree.h"
#include "tests/support/sodium_ed25519.h"
#include "tlog/signed_checkpoint.h"

#include <gtest/gtest.h>

namespace kontor::tlog {
namespace {

using testing::LogTree;
using testing::Signer;
using testing::SodiumEd25519;

Code refusal(const auto& result) {
  return result ? Code::internal : result.error().code;
}

const std::string kRoot = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";
const std::string kEmpty = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";

TEST(Checkpoint, reads_the_published_example) {
  const std::string text = "example.com/behind-the-sofa\n20852163\n" + kRoot + "\n";
  const auto checkpoint = parse_checkpoint(text);
  ASSERT_TRUE(checkpoint.has_value());
  EXPECT_EQ(checkpoint->origin, "example.com/behind-the-sofa");
  EXPECT_EQ(checkpoint->head.size, 20852163u);
  EXPECT_EQ(checkpoint->head.root.base64(), kRoot);
  EXPECT_TRUE(checkpoint->extensions.empty());
  EXPECT_EQ(print_checkpoint(*checkpoint), text);
}

TEST(Checkpoint, keeps_what_others_write) {
  for (const std::string& text :
       {"o\n0\n" + kEmpty + "\n", "an origin + more\n1\n" + kRoot + "\n",
        "o\n9223372036854775807\n" + kRoot + "\n", "o\n1\n" + kRoot + "\nextension\n more\n"}) {
    const auto checkpoint = parse_checkpoint(text);
    ASSERT_TRUE(checkpoint.has_value()) << text;
    EXPECT_EQ(print_checkpoint(*checkpoint), text);
  }
}

TEST(Checkpoint, is_refused_in_any_other_form) {
  const std::vector<std::string> texts = {
      std::string(),
      std::string("\n"),
      std::string("o\n"),
      std::string("o\n1\n"),
      "o\n1\n" + kRoot,
      "\n1\n" + kRoot + "\n",
      "o\n\n" + kRoot + "\n",
      "o\n1\n\n",
      "o\n01\n" + kRoot + "\n",
      "o\n-1\n" + kRoot + "\n",
      "o\n+1\n" + kRoot + "\n",
      "o\n1 \n" + kRoot + "\n",
      "o\n0x1\n" + kRoot + "\n",
      "o\n1\n" + kRoot + "=\n",
      "o\n9223372036854775808\n" + kRoot + "\n",
      "o\n18446744073709551616\n" + kRoot + "\n",
      "o\n1\n" + kRoot.substr(0, 43) + "\n",
      "o\n1\nAAAA" + kRoot + "\n",
      "o\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\n",
      "o\n1\n" + kRoot + "\n\n",
      "o\n1\n" + kRoot + "\n\nx\n",
      "o\n1\n" + kRoot + "\nx",
      "o\r\n1\n" + kRoot + "\n",
      "o\t\n1\n" + kRoot + "\n",
      "o\n0\n" + kRoot + "\n",
      "o\n1\n" + kRoot + "\nx\ty\n",
      "o\n00\n" + kEmpty + "\n",
  };
  for (const std::string& text : texts)
    EXPECT_EQ(refusal(parse_checkpoint(text)), Code::bad_request) << text;
}

TEST(Checkpoint, has_an_origin_that_is_a_bare_url) {
  for (const char* origin : {"registry.example/log/public", "localhost:4873/log/private", "a"})
    EXPECT_TRUE(check_origin(origin).has_value()) << origin;
  for (const char* origin : {"", "https://registry.example/log", "registry.example/log/", "/log",
                             "a b", "a+b", "a\n", "\xc3\xa9", "a\x7f"})
    EXPECT_EQ(refusal(check_origin(origin)), Code::bad_request) << origin;
  EXPECT_TRUE(check_origin(std::string(255, 'a')).has_value());
  EXPECT_FALSE(check_origin(std::string(256, 'a')).has_value());
}

class SignedCheckpoints : public ::testing::Test {
 protected:
  Signer log_{"log.example/x", SignatureType::ed25519, "log"};
  Signer next_{"log.example/x", SignatureType::ed25519, "the key after it"};
  Signer one_{"one.example/w", SignatureType::cosignature, "one"};
  Signer two_{"two.example/w", SignatureType::cosignature, "two"};
  SodiumEd25519 ed25519_;
  LogTrust trust_{{log_.key()}, {one_.key(), two_.key()}, 0};
  Checkpoint checkpoint_{"log.example/x", LogTree(5).head(5), {}};

  std::string note(std::vector<NoteSignature> signatures) const {
    return print_note({print_checkpoint(checkpoint_), std::move(signatures)});
  }
  std::string text() const { return print_checkpoint(checkpoint_); }
  Result<SignedCheckpoint> open(std::vector<NoteSignature> signatures) const {
    return open_checkpoint(note(std::move(signatures)), trust_, ed25519_);
  }
};

TEST_F(SignedCheckpoints, are_believed_by_the_logs_key) {
  const auto opened = open({log_.line(text())});
  ASSERT_TRUE(opened.has_value());
  EXPECT_EQ(opened->checkpoint, checkpoint_);
  EXPECT_TRUE(opened->witnessed.empty());
  EXPECT_EQ(refusal(open({next_.line(text())})), Code::invalid_signature);
  EXPECT_EQ(refusal(open({one_.line(text(), 1)})), Code::invalid_signature);
  trust_.log_keys.push_back(next_.key());
  EXPECT_TRUE(open({next_.line(text())}).has_value());
  EXPECT_TRUE(open({log_.line(text())}).has_value());
}

TEST_F(SignedCheckpoints, name_their_witnesses) {
  const auto opened = open({two_.line(text(), 20), log_.line(text()), one_.line(text(), 10)});
  ASSERT_TRUE(opened.has_value());
  EXPECT_EQ(opened->witnessed, (std::vector<WitnessedAt>{{1, 20}, {0, 10}}));
}

TEST_F(SignedCheckpoints, need_the_quorum) {
  trust_.quorum = 2;
  EXPECT_TRUE(open({log_.line(text()), one_.line(text(), 1), two_.line(text(), 1)}).has_value());
  EXPECT_EQ(refusal(open({log_.line(text()), one_.line(text(), 1)})), Code::invalid_signature);
  EXPECT_EQ(refusal(open({log_.line(text()), one_.line(text(), 1), one_.line(text(), 2)})),
            Code::invalid_signature);

  const Signer same_key("three.example/w", SignatureType::cosignature, "one");
  trust_.witnesses = {one_.key(), same_key.key()};
  EXPECT_EQ(refusal(open({log_.line(text()), one_.line(text(), 1), same_key.line(text(), 1)})),
            Code::invalid_signature)
      << "one key under two names is one witness";
}

TEST_F(SignedCheckpoints, belong_to_the_log_whose_key_signed_them) {
  checkpoint_.origin = "log.example/y";
  EXPECT_EQ(refusal(open({log_.line(text())})), Code::invalid_signature);
}

TEST_F(SignedCheckpoints, are_not_believed_by_keys_of_the_wrong_type) {
  trust_.log_keys = {one_.key()};
  EXPECT_EQ(refusal(open({one_.line(text(), 1)})), Code::bad_request);
  trust_.log_keys = {log_.key()};
  trust_.witnesses = {next_.key()};
  EXPECT_EQ(refusal(open({log_.line(text()), next_.line(text())})), Code::bad_request);
}

TEST_F(SignedCheckpoints, are_refused_where_the_signed_text_is_none) {
  const std::string text = "log.example/x\nno size\n";
  EXPECT_EQ(refusal(open_checkpoint(print_note({text, {log_.line(text)}}), trust_, ed25519_)),
            Code::bad_request);
  EXPECT_EQ(refusal(open_checkpoint("", trust_, ed25519_)), Code::bad_request);
}

}  // namespace
}  // namespace kontor::tlog
