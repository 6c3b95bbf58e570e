// Ranges: what each operator means, when a prerelease matches, and the limits. The comparison with
// node-semver is in semver_corpus_test.cc.
#include "domain/semver_range.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace kontor {
namespace {

constexpr RangeOptions kLoose{Grammar::loose, false};
constexpr RangeOptions kPrerelease{Grammar::strict, true};

struct Desugared {
  std::string_view text, expected;
};

TEST(SemverRange, each_operator_becomes_plain_comparators) {
  for (const auto& [text, expected] : std::vector<Desugared>{
           {"", "*"},
           {"*", "*"},
           {"1.2.3", "1.2.3"},
           {"=v1.2.3", "1.2.3"},
           {"1", ">=1.0.0 <2.0.0-0"},
           {"1.2.x", ">=1.2.0 <1.3.0-0"},
           {"^1.2.3", ">=1.2.3 <2.0.0-0"},
           {"^0.2.3", ">=0.2.3 <0.3.0-0"},
           {"^0.0.3-beta", ">=0.0.3-beta <0.0.4-0"},
           {"~1.2", ">=1.2.0 <1.3.0-0"},
           {"~> 1", ">=1.0.0 <2.0.0-0"},
           {"1.2 - 3", ">=1.2.0 <4.0.0-0"},
           {"> 1 <= 2.3", ">=2.0.0 <2.4.0-0"},
           {"<1.2 || >=3", "<1.2.0-0||>=3.0.0"},
           {"1.2.3+b 1.2.3", "1.2.3"},
           {">* || 1.0.0", "1.0.0"},
           {"1 || *", "*"},
       })
    EXPECT_EQ(valid_range(text), expected) << text;
}

TEST(SemverRange, refuses_what_is_not_a_range_and_says_so) {
  for (std::string_view text : {"latest", "1.2.3.4", ">>1", "1.2.3 -2", "1 | 2", "1 || garbage",
                                "^", "1.x.3", "9007199254740992", "1.2.3beta", "1\xC2 2"}) {
    const auto range = parse_range(text);
    ASSERT_FALSE(range) << text;
    EXPECT_EQ(range.error().code, Code::bad_request);
    EXPECT_FALSE(range.error().detail.empty());
  }
}

TEST(SemverRange, loose_grammar_drops_comparators_it_cannot_read) {
  EXPECT_EQ(valid_range("1.2.3 garbage", kLoose), "1.2.3");
  EXPECT_EQ(valid_range("garbage || ~1.2.3beta", kLoose), ">=1.2.3-beta <1.3.0-0");
  EXPECT_EQ(valid_range("garbage", kLoose), std::nullopt);
}

TEST(SemverRange, a_prerelease_matches_only_where_its_release_is_named_with_one) {
  EXPECT_TRUE(satisfies("1.2.3-beta.2", ">=1.2.3-beta.1 <2"));
  EXPECT_FALSE(satisfies("1.2.4-beta.2", ">=1.2.3-beta.1 <2"));
  EXPECT_FALSE(satisfies("1.2.4-beta.2", "*"));
  EXPECT_TRUE(satisfies("1.2.4-beta.2", "*", kPrerelease));
  EXPECT_FALSE(satisfies("2.0.0-beta", "^1.2.3", kPrerelease));
}

TEST(SemverRange, texts_that_cannot_be_read_satisfy_nothing) {
  EXPECT_FALSE(satisfies("1.2.3beta", "*"));
  EXPECT_TRUE(satisfies("1.2.3beta", ">=1.2.3-0", kLoose));
  EXPECT_FALSE(satisfies("1.2.3", "garbage"));
}

TEST(SemverRange, finds_the_highest_and_the_lowest_of_those_that_satisfy) {
  const std::vector<std::string> texts = {"1.0.0",  "garbage",  "1.9.0",
                                          "1.10.0", "1.10.0+b", "2.0.0-a"};
  const auto range = parse_range("^1.0.0");
  ASSERT_TRUE(range);
  EXPECT_EQ(max_satisfying(texts, *range), 3u);
  EXPECT_EQ(min_satisfying(texts, *range), 0u);
  std::vector<Version> versions;
  for (const std::string& text : texts)
    if (auto version = parse_version(text)) versions.push_back(*version);
  EXPECT_EQ(max_satisfying(versions, *range), 2u);
  EXPECT_EQ(min_satisfying(versions, *range), 0u);
  EXPECT_EQ(max_satisfying(texts, *parse_range(">3")), std::nullopt);
  EXPECT_EQ(min_satisfying(std::vector<Version>{}, *range), std::nullopt);
}

TEST(SemverRange, a_tag_that_npm_would_read_as_a_range_is_told_apart) {
  for (std::string_view text : {"", "1", "v1", "x", "X", "*", "1.x", "1.2.3", ">=1"})
    EXPECT_TRUE(is_range(text)) << text;
  for (std::string_view text : {"latest", "next", "v1-lts", "release-1.x", "beta"})
    EXPECT_FALSE(is_range(text)) << text;
}

TEST(SemverRange, length_and_alternatives_are_bounded) {
  EXPECT_TRUE(parse_range(std::string(kMaxRangeLength, ' ')));
  EXPECT_FALSE(parse_range(std::string(kMaxRangeLength + 1, ' ')));
  std::string text = "1";
  for (std::size_t i = 1; i < kMaxAlternatives; ++i) text += "||1";
  EXPECT_TRUE(parse_range(text));
  EXPECT_FALSE(parse_range(text + "||1"));
}

}  // namespace
}  // namespace kontor
