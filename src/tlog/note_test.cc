// Signed notes against the specification's example, their limits, and every way to break one.
#include "tlog/note.h"

#include "base/encoding.h"
#include "tests/support/sodium_ed25519.h"

#include <gtest/gtest.h>

namespace kontor::tlog {
namespace {

using testing::Signer;
using testing::SodiumEd25519;

const std::string kDash = "\xe2\x80\x94 ";

// The example of C2SP signed-note.
const std::string kExampleKey =
    "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
const std::string kExample =
    "This is an example message.\n\n" + kDash +
    "example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHj"
    "G1Yu72IneyaQM=\n";

Code refusal(const auto& result) {
  return result ? Code::internal : result.error().code;
}

TEST(NoteKey, reads_published_keys) {
  for (const std::string& text :
       {kExampleKey,
        std::string("sum.golang.org+033de0ae+"
                    "Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"),
        std::string("registry.example/log+ce4b0075+AZcJU5HJ4L7OcMclu/yDaOdiKjRmAI+2gXE+J/cs4nwu"),
        std::string("witness.example/w1+561e0bd8+"
                    "BFWT80vJkwiOyJ8HidnKQimJlD6cAYq3Cm3kezgCwagH")}) {
    const auto key = parse_vkey(text);
    ASSERT_TRUE(key.has_value()) << text;
    EXPECT_EQ(print_vkey(*key), text);
    EXPECT_EQ(key->type == SignatureType::cosignature, text.starts_with("witness"));
  }
  EXPECT_EQ(parse_vkey(kExampleKey)->id, 0x530d903au);
  EXPECT_EQ(parse_vkey(kExampleKey)->name, "example.com/foo");
}

TEST(NoteKey, refuses_other_spellings) {
  const std::string name = "example.com/foo", id = "530d903a",
                    key = "AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
  ASSERT_TRUE(parse_vkey(name + "+" + id + "+" + key).has_value());
  std::string ecdsa = *from_base64(key);
  ecdsa[0] = 2;
  const std::vector<std::string> texts = {
      std::string(),
      std::string("+"),
      std::string("++"),
      name,
      name + "+" + id,
      name + "+" + id + "+",
      "+" + id + "+" + key,
      name + "+530D903A+" + key,
      name + "+530d903b+" + key,
      name + "+0530d903a+" + key,
      name + "++" + key,
      "example.com/fo+" + id + "+" + key,
      name + "+" + id + "+" + key + "\n",
      " " + name + "+" + id + "+" + key,
      name + "+" + id + "+" + key.substr(0, 40),
      name + "+" + id + "+" + key + "AAAA",
      name + "+" + id + "+" + to_base64(ecdsa),
      name + "+" + id + "+" + std::string(100, 'A'),
  };
  for (const std::string& text : texts)
    EXPECT_EQ(refusal(parse_vkey(text)), Code::bad_request) << text;
}

TEST(NoteKey, has_a_name_without_spaces) {
  for (const char* name : {"a", "example.com/log", "\xc3\xa9t\xc3\xa9", "x/\xe2\x80\x94"})
    EXPECT_TRUE(is_key_name(name)) << name;
  for (const char* name : {"", "a b", "a+b", " a", "a\t", "a\n", "a\xc2\xa0z", "a\xe2\x80\xa8z",
                           "\xe3\x80\x80", "\xe1\x9a\x80", "\xff", "\xc2\x85"})
    EXPECT_FALSE(is_key_name(name)) << name;
  EXPECT_TRUE(is_key_name(std::string(255, 'a')));
  EXPECT_FALSE(is_key_name(std::string(256, 'a')));
  EXPECT_FALSE(make_key("a b", SignatureType::ed25519, {}).has_value());
}

TEST(Note, verifies_the_published_example) {
  const auto note = parse_note(kExample);
  ASSERT_TRUE(note.has_value());
  EXPECT_EQ(note->text, "This is an example message.\n");
  ASSERT_EQ(note->signatures.size(), 1u);
  EXPECT_EQ(note->signatures[0].name, "example.com/foo");
  EXPECT_EQ(note->signatures[0].key_id, 0x530d903au);
  EXPECT_EQ(print_note(*note), kExample);
  const NoteKey keys[] = {*parse_vkey(kExampleKey)};
  EXPECT_EQ(verify_note(*note, keys, SodiumEd25519()),
            (std::vector<VerifiedSignature>{{0, std::nullopt}}));
}

const std::string kLine = kDash + "a AAAAAAE=\n";  // id 0, one byte of signature

TEST(Note, is_split_at_its_last_blank_line) {
  ASSERT_EQ(print_note({"", {{"a", 0, Bytes(1, '\1')}}}), "\n" + kLine);
  for (const std::string& text :
       {"text\n", "\n", "\n\n\n", "a\n\nb\n", "\xe2\x80\x94 a AAAAAAE=\n"}) {
    const auto note = parse_note(print_note({text, {{"a", 0, Bytes(1, '\1')}}}));
    ASSERT_TRUE(note.has_value()) << text;
    EXPECT_EQ(note->text, text);
    EXPECT_EQ(note->signatures, (std::vector<NoteSignature>{{"a", 0, Bytes(1, '\1')}}));
  }
}

TEST(Note, is_refused_in_any_other_form) {
  const std::string text = "text\n\n";
  ASSERT_TRUE(parse_note(text + kLine).has_value());
  const std::vector<std::string> notes = {
      std::string(),
      std::string("\n"),
      std::string("\n\n"),
      text,
      kLine,
      "\n" + kLine,
      "text\n" + kLine,
      "text\n\r\n" + kLine,
      "te\tt\n\n" + kLine,
      "te\rt\n\n" + kLine,
      std::string("te\0t\n\n", 6) + kLine,
      "t\x1b\n\n" + kLine,
      "t\xff\n\n" + kLine,
      text + kLine + "\n",
      text + kLine + "x",
      text + "x" + kLine,
      text + kLine.substr(0, kLine.size() - 1),
      text + "- a AAAAAAE=\n",
      text + kDash.substr(0, 3) + "a AAAAAAE=\n",
      text + kDash + "AAAAAAE=\n",
      text + kDash + " AAAAAAE=\n",
      text + kDash + "a  AAAAAAE=\n",
      text + kDash + "a b AAAAAAE=\n",
      text + kDash + "a+b AAAAAAE=\n",
      text + kDash + "a AAAAAA==\n",
      text + kDash + "a AAAAAAE\n",
      text + kDash + "a AAAAAAF=\n",
      text + kDash + "a \n",
      text + kDash + "a\n",
      text + kDash + "a AAAAAAE= \n",
      text + kDash + "a AAAA_AE=\n",
      text + kDash + "a\xc2\xa0z AAAAAAE=\n",
  };
  for (const std::string& note : notes)
    EXPECT_EQ(refusal(parse_note(note)), Code::bad_request) << note;
}

TEST(Note, has_limits) {
  std::string lines;
  for (std::size_t i = 0; i < kMaxNoteSignatures; ++i) lines += kLine;
  EXPECT_TRUE(parse_note("text\n\n" + lines).has_value());
  EXPECT_EQ(refusal(parse_note("text\n\n" + lines + kLine)), Code::too_large);
  const std::string tail = "\n\n" + kLine;
  EXPECT_TRUE(parse_note(std::string(kMaxNoteBytes - tail.size(), 'x') + tail).has_value());
  EXPECT_EQ(refusal(parse_note(std::string(kMaxNoteBytes - tail.size() + 1, 'x') + tail)),
            Code::too_large);
  EXPECT_EQ(refusal(parse_signatures(std::string(kMaxNoteBytes + 1, 'x'))), Code::too_large);
  EXPECT_EQ(refusal(parse_signatures("")), Code::bad_request);
}

class SignedNote : public ::testing::Test {
 protected:
  Signer log_{"log.example/x", SignatureType::ed25519, "log"};
  Signer witness_{"witness.example/w", SignatureType::cosignature, "witness"};
  Signer stranger_{"stranger.example", SignatureType::ed25519, "stranger"};
  SodiumEd25519 ed25519_;
  std::vector<NoteKey> keys_{log_.key(), witness_.key()};
  std::string text_ = "log.example/x\n1\nhash\n";

  Result<std::vector<VerifiedSignature>> verify(std::vector<NoteSignature> signatures) {
    return verify_note({text_, std::move(signatures)}, keys_, ed25519_);
  }
};

TEST_F(SignedNote, tells_who_has_signed_and_when) {
  EXPECT_EQ(verify({log_.line(text_), witness_.line(text_, 77)}),
            (std::vector<VerifiedSignature>{{0, std::nullopt}, {1, 77}}));
  EXPECT_EQ(verify({witness_.line(text_, kMaxTime), stranger_.line(text_), log_.line(text_)}),
            (std::vector<VerifiedSignature>{{1, kMaxTime}, {0, std::nullopt}}));
  const Note note{text_, {log_.line(text_), witness_.line(text_, 0)}};
  EXPECT_EQ(parse_note(print_note(note)), note);
}

TEST_F(SignedNote, is_refused_without_a_known_signature) {
  EXPECT_EQ(refusal(verify({})), Code::invalid_signature);
  EXPECT_EQ(refusal(verify({stranger_.line(text_)})), Code::invalid_signature);
  auto other_name = log_.line(text_);
  other_name.name = "log.example/y";
  EXPECT_EQ(refusal(verify({other_name})), Code::invalid_signature);
  auto other_id = log_.line(text_);
  other_id.key_id ^= 1;
  EXPECT_EQ(refusal(verify({other_id})), Code::invalid_signature);
}

TEST_F(SignedNote, passes_over_strangers_that_share_a_name_or_an_id) {
  auto same_name = stranger_.line(text_);
  same_name.name = log_.key().name;
  auto same_id = stranger_.line(text_);
  same_id.key_id = log_.key().id;
  EXPECT_EQ(verify({same_name, same_id, log_.line(text_)}),
            (std::vector<VerifiedSignature>{{0, std::nullopt}}));
}

TEST_F(SignedNote, is_refused_whole_where_one_known_signature_is_wrong) {
  auto wrong = log_.line(text_);
  wrong.bytes[5] = static_cast<char>(wrong.bytes[5] ^ 1);
  const auto verdict = verify({witness_.line(text_, 5), wrong});
  EXPECT_EQ(refusal(verdict), Code::invalid_signature);
  EXPECT_NE(verdict.error().detail.find(log_.key().name), std::string::npos);
  EXPECT_EQ(refusal(verify({log_.line(text_ + "x"), witness_.line(text_, 5)})),
            Code::invalid_signature);
}

TEST_F(SignedNote, counts_a_key_once) {
  auto wrong = log_.line(text_);
  wrong.bytes[5] = static_cast<char>(wrong.bytes[5] ^ 1);
  EXPECT_EQ(verify({log_.line(text_), log_.line(text_), wrong}),
            (std::vector<VerifiedSignature>{{0, std::nullopt}}));
  EXPECT_EQ(refusal(verify({wrong, log_.line(text_)})), Code::invalid_signature);
}

TEST_F(SignedNote, is_refused_after_any_flipped_bit_of_a_signature) {
  for (const NoteSignature& line : {log_.line(text_), witness_.line(text_, 1760003600)}) {
    ASSERT_TRUE(verify({line}).has_value());
    for (std::size_t bit = 0; bit < 8 * line.bytes.size(); ++bit) {
      NoteSignature flipped = line;
      flipped.bytes[bit / 8] = static_cast<char>(flipped.bytes[bit / 8] ^ 1 << bit % 8);
      EXPECT_EQ(refusal(verify({flipped})), Code::invalid_signature) << line.name << bit;
    }
  }
}

TEST_F(SignedNote, is_refused_after_any_flipped_bit_of_its_text) {
  const auto by_log = log_.line(text_);
  const auto by_witness = witness_.line(text_, 1);
  const std::string text = text_;
  for (std::size_t bit = 0; bit < 8 * text.size(); ++bit) {
    text_ = text;
    text_[bit / 8] = static_cast<char>(text_[bit / 8] ^ 1 << bit % 8);
    EXPECT_EQ(refusal(verify({by_log})), Code::invalid_signature) << bit;
    EXPECT_EQ(refusal(verify({by_witness})), Code::invalid_signature) << bit;
  }
}

TEST_F(SignedNote, needs_signatures_of_the_keys_own_length_and_type) {
  for (const auto& line : {log_.line(text_), witness_.line(text_, 3)}) {
    auto longer = line, shorter = line;
    longer.bytes += '\0';
    shorter.bytes.pop_back();
    EXPECT_EQ(refusal(verify({longer})), Code::invalid_signature);
    EXPECT_EQ(refusal(verify({shorter})), Code::invalid_signature);
  }
  // A witness' signature over the text itself, without header and time.
  EXPECT_EQ(refusal(verify({make_signature(witness_.key(), witness_.sign(text_))})),
            Code::invalid_signature);
  // A time beyond what is allowed, though signed.
  EXPECT_EQ(refusal(verify({witness_.line(text_, kMaxTime + 1)})), Code::invalid_signature);
}

TEST_F(SignedNote, can_be_verified_elsewhere) {
  const Note note{text_, {witness_.line(text_, 9), log_.line(text_)}};
  const auto checks = checks_of(note, keys_);
  ASSERT_TRUE(checks.has_value());
  ASSERT_EQ(checks->size(), 2u);
  EXPECT_EQ((*checks)[0].key, 1u);
  EXPECT_EQ((*checks)[0].message, "cosignature/v1\ntime 9\n" + text_);
  EXPECT_EQ((*checks)[0].time, 9u);
  EXPECT_EQ((*checks)[1].key, 0u);
  EXPECT_EQ((*checks)[1].message, text_);
  EXPECT_EQ((*checks)[1].signature, log_.sign(text_));
}

TEST_F(SignedNote, of_a_witness_is_answered_as_lines) {
  const std::vector<NoteSignature> lines = {witness_.line(text_, 9), log_.line(text_)};
  EXPECT_EQ(parse_signatures(print_signatures(lines)), lines);
}

}  // namespace
}  // namespace kontor::tlog
