// Versions: what is read, refused, printed, and how they are ordered. semver_corpus_test.cc holds
// the comparison with node-semver; this file says what matters in words.
#include "domain/semver.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace kontor {
namespace {

Version version(std::string_view text) {
  auto parsed = parse_version_loose(text);
  EXPECT_TRUE(parsed) << text;
  return parsed ? *parsed : Version{};
}

TEST(Semver, reads_all_parts_of_a_version) {
  const auto parsed = parse_version("1.22.333-alpha.4.x-y+build.001");
  ASSERT_TRUE(parsed);
  const Version expected{1, 22, 333, {"alpha", "4", "x-y"}, {"build", "001"}};
  EXPECT_EQ(*parsed, expected);
  EXPECT_EQ(to_string(*parsed), "1.22.333-alpha.4.x-y+build.001");
  EXPECT_EQ(without_build(*parsed), "1.22.333-alpha.4.x-y");
}

TEST(Semver, refuses_what_is_not_a_version_and_says_so) {
  for (std::string_view text :
       {"", "1", "1.2", "1.2.3.4", "01.2.3", "1.2.3-", "1.2.3-01", "1.2.3-a..b", "1.2.3+", "=1.2.3",
        "1.2.3beta", "latest", "1.2.x", "-1.2.3", "1.2.3\n4"}) {
    const auto parsed = parse_version(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().code, Code::invalid_version);
    EXPECT_FALSE(parsed.error().detail.empty());
  }
}

TEST(Semver, loose_grammar_reads_what_old_packages_hold) {
  EXPECT_EQ(to_string(version("=v 01.02.03beta.007+b")), "1.2.3-beta.7+b");
  EXPECT_EQ(to_string(version("1.2.34.5")), "1.2.3-4.5");
  EXPECT_EQ(to_string(version("1.2.3-")), "1.2.3--");
}

TEST(Semver, an_exact_version_has_no_decoration) {
  EXPECT_TRUE(parse_exact_version("1.2.3-a+b"));
  for (std::string_view text : {"v1.2.3", " 1.2.3", "1.2.3 ", "1.2.3\n", "1.2"}) {
    const auto parsed = parse_exact_version(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().code, Code::invalid_version);
  }
}

TEST(Semver, numbers_and_length_are_bounded) {
  EXPECT_TRUE(parse_version("9007199254740991.0.0"));
  EXPECT_FALSE(parse_version("9007199254740992.0.0"));
  EXPECT_FALSE(parse_version("0.0.18446744073709551617"));
  EXPECT_TRUE(parse_version("1.0.0-" + std::string(250, 'a')));
  EXPECT_FALSE(parse_version("1.0.0-" + std::string(251, 'a')));
  EXPECT_FALSE(parse_version(std::string(1 << 20, '1')));
}

TEST(Semver, clean_takes_off_what_people_write_around_a_version) {
  EXPECT_EQ(clean("  =v==1.2.3+b\n"), "1.2.3");
  EXPECT_EQ(clean("1.2.3beta", Grammar::loose), "1.2.3-beta");
  EXPECT_EQ(clean("1.2.3beta"), std::nullopt);
}

TEST(Semver, order_is_that_of_the_specification) {
  const std::vector<std::string> ascending = {"0.0.0-0",
                                              "0.0.0",
                                              "0.0.1",
                                              "0.1.0",
                                              "1.0.0-alpha",
                                              "1.0.0-alpha.1",
                                              "1.0.0-alpha.beta",
                                              "1.0.0-beta",
                                              "1.0.0-beta.2",
                                              "1.0.0-beta.11",
                                              "1.0.0-rc.1",
                                              "1.0.0",
                                              "2.0.0",
                                              "10.0.0"};
  for (std::size_t i = 0; i < ascending.size(); ++i)
    for (std::size_t j = 0; j < ascending.size(); ++j) {
      const Version a = version(ascending[i]);
      const Version b = version(ascending[j]);
      EXPECT_EQ(compare(a, b), i <=> j) << ascending[i] << " " << ascending[j];
      EXPECT_EQ(compare_build(a, b), i <=> j) << ascending[i] << " " << ascending[j];
      EXPECT_EQ(sort_order(a, b), i <=> j) << ascending[i] << " " << ascending[j];
    }
}

TEST(Semver, build_metadata_counts_in_compare_build_alone) {
  EXPECT_EQ(compare(version("1.0.0+1"), version("1.0.0+2")), std::weak_ordering::equivalent);
  EXPECT_EQ(compare_build(version("1.0.0+1"), version("1.0.0+2")), std::weak_ordering::less);
  EXPECT_EQ(sort_order(version("1.0.0+1"), version("1.0.0+2")), std::strong_ordering::less);
}

TEST(Semver, sort_order_is_total_and_agrees_with_compare) {
  std::vector<Version> all;
  for (std::string_view text :
       {"1.0.0", "1.0.0+1", "1.0.0+01", "1.0.0+a", "1.0.0-a", "1.0.0-9007199254740992",
        "1.0.0-9007199254740993", "1.0.0-9007199254740992.1", "1.0.0-9007199254740993.0",
        "1.0.0-09007199254740993", "1.0.0-9007199254740993+1", "1.0.0-9007199254740992+2",
        "1.0.0-90071992547409920", "1.0.0-2"})
    all.push_back(version(text));
  for (const Version& a : all)
    for (const Version& b : all) {
      EXPECT_EQ(sort_order(a, b) == 0, a == b) << to_string(a) << " " << to_string(b);
      EXPECT_EQ(sort_order(a, b) < 0, sort_order(b, a) > 0);
      if (compare(a, b) != 0) {
        EXPECT_EQ(compare(a, b), sort_order(a, b)) << to_string(a) << " " << to_string(b);
      }
      for (const Version& c : all)
        if (sort_order(a, b) < 0 && sort_order(b, c) < 0) {
          EXPECT_EQ(sort_order(a, c), std::strong_ordering::less)
              << to_string(a) << " " << to_string(c);
        }
    }
}

}  // namespace
}  // namespace kontor
