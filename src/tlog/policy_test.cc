// Policy files: what is read, what is refused, and which quorums are met.
#include "tlog/policy.h"

#include "tests/support/sodium_ed25519.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace kontor::tlog {
namespace {

using testing::Signer;
using testing::SodiumEd25519;

const Signer kLog("registry.example/log", SignatureType::ed25519, "log");

Signer witness(int number) {
  return {"witness.example/" + std::to_string(number), SignatureType::cosignature,
          "witness " + std::to_string(number)};
}

std::string log_line() {
  return "log " + print_vkey(kLog.key()) + "\n";
}

std::string witness_lines(int count) {
  std::string lines;
  for (int i = 1; i <= count; ++i)
    lines += "witness w" + std::to_string(i) + " " + print_vkey(witness(i).key()) + "\n";
  return lines;
}

std::string nested() {
  return "# two houses\n\n \t" + log_line() + witness_lines(6) +
         "group x 2 w1 w2 w3\ngroup y any w4 w5 w6\ngroup both all x y\nquorum both\n";
}

std::vector<WitnessedAt> by(std::initializer_list<std::size_t> places) {
  std::vector<WitnessedAt> witnessed;
  for (const auto place : places) witnessed.push_back({place, 1'760'000'000});
  return witnessed;
}

TEST(Policy, groups_of_groups_decide_the_quorum) {
  const auto policy = parse_policy(nested());
  ASSERT_TRUE(policy) << policy.error().message();
  EXPECT_TRUE(meets_quorum(*policy, by({0, 2, 5})));
  EXPECT_TRUE(meets_quorum(*policy, by({0, 1, 2, 3, 4, 5})));
  EXPECT_FALSE(meets_quorum(*policy, by({0, 1, 2}))) << "nobody of y";
  EXPECT_FALSE(meets_quorum(*policy, by({0, 3, 4, 5}))) << "one of x";
  EXPECT_FALSE(meets_quorum(*policy, {}));
}

TEST(Policy, a_single_witness_or_none_is_a_quorum) {
  const auto one = parse_policy(log_line() + witness_lines(2) + "quorum w2\n");
  ASSERT_TRUE(one);
  EXPECT_TRUE(meets_quorum(*one, by({1})));
  EXPECT_FALSE(meets_quorum(*one, by({0})));
  const auto none = parse_policy("quorum none\n" + log_line());
  ASSERT_TRUE(none);
  EXPECT_TRUE(meets_quorum(*none, {}));
}

TEST(Policy, addresses_are_kept) {
  const auto policy =
      parse_policy("log\t" + print_vkey(kLog.key()) + "  https://a.example/log\n" + "witness w " +
                   print_vkey(witness(1).key()) + " https://w.example \nquorum w\n");
  ASSERT_TRUE(policy);
  EXPECT_EQ(policy->logs[0].url, "https://a.example/log");
  EXPECT_EQ(policy->witnesses[0].url, "https://w.example");
}

TEST(Policy, what_is_no_policy_is_refused_with_its_line) {
  const std::string start = log_line() + witness_lines(2);
  const std::string key = print_vkey(kLog.key()), cosigner = print_vkey(witness(7).key());
  for (const auto& [end, hint] : std::initializer_list<std::pair<std::string, std::string>>{
           {"", "no quorum line"},
           {"quorum w1", "no end"},
           {"quorum none\nquorum none\n", "Line 5 of the policy is a second quorum"},
           {"quorum w3\n", "no line before defines"},
           {"log " + key + "\nquorum none\n", "repeats the key of a log"},
           {"log " + cosigner + "\nquorum none\n", "another type"},
           {"witness w3 " + key + "\nquorum none\n", "another type"},
           {"witness w3 " + print_vkey(witness(1).key()) + "\nquorum none\n", "repeats the key"},
           {"witness w1 " + cosigner + "\nquorum none\n", "taken"},
           {"witness none " + cosigner + "\nquorum none\n", "taken"},
           {"group g 0 w1\nquorum g\n", "a number of its members"},
           {"group g 3 w1 w2\nquorum g\n", "a number of its members"},
           {"group g 01 w1 w2\nquorum g\n", "a number of its members"},
           {"group g any\nquorum g\n", "is not 'group"},
           {"group g any w1 w1\nquorum g\n", "twice"},
           {"group g any w1 none\nquorum g\n", "no line before defines"},
           {"group g any w1 h\ngroup h any w2\nquorum g\n", "no line before defines"},
           {"group g any w1\ngroup h any w1\nquorum g\n", "belongs to a group already"},
           {"quorum none\r\n", "control character"},
           {"origin x\nquorum none\n", "begins with none of"},
       }) {
    const auto policy = parse_policy(start + end);
    ASSERT_FALSE(policy) << end;
    EXPECT_THAT(policy.error().detail, ::testing::HasSubstr(hint)) << end;
  }
}

TEST(Policy, limits_hold) {
  EXPECT_EQ(parse_policy(std::string(kMaxPolicyBytes, '#') + "\n").error().code, Code::too_large);
  std::string many = log_line() + witness_lines(1);
  for (std::size_t i = 0; i < kMaxPolicyLines; ++i) many += "quorum none\n";
  EXPECT_FALSE(parse_policy(many));
}

TEST(Policy, a_checkpoint_is_opened_by_the_log_that_signed_it_and_its_quorum) {
  const SodiumEd25519 ed25519;
  const auto policy = *parse_policy(nested());
  Note note{print_checkpoint({kLog.key().name, {0, empty_root()}, {}}), {}};
  note.signatures.push_back(kLog.line(note.text));
  EXPECT_EQ(open_checkpoint(print_note(note), policy, ed25519).error().code,
            Code::invalid_signature);
  for (const int number : {1, 3, 6})
    note.signatures.push_back(witness(number).line(note.text, 1'760'000'000));
  const auto opened = open_checkpoint(print_note(note), policy, ed25519);
  ASSERT_TRUE(opened) << opened.error().message();
  EXPECT_EQ(opened->witnessed.size(), 3U);

  const auto stranger = *parse_policy("quorum none\n");
  EXPECT_EQ(open_checkpoint(print_note(note), stranger, ed25519).error().code,
            Code::invalid_signature);
}

}  // namespace
}  // namespace kontor::tlog
