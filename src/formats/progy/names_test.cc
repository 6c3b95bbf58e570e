// Names and versions of courses: the unit tests that the source's section 13 lists.
#include "formats/progy/names.h"

#include <gtest/gtest.h>

namespace kontor::progy {
namespace {

TEST(SemVerValidation, takes_semantic_versions_only) {
  for (const auto* text :
       {"1.0.0", "0.0.0", "10.20.30", "1.0.0-alpha.1", "1.0.0+build.5", "1.0.0-rc.1+5"})
    EXPECT_EQ(parse_course_version(text).value_or("none"), text);
  for (const auto* text :
       {"", "1", "1.0", "v1.0.0", " 1.0.0", "1.0.0 ", "01.0.0", "1.0.0-", "1.0.0-01", "1.0.x",
        "latest", "1.0.0.0", "-1.0.0", "9007199254740992.0.0"}) {
    const auto version = parse_course_version(text);
    ASSERT_FALSE(version) << text;
    EXPECT_EQ(version.error().code, Code::invalid_version);
  }
}

TEST(PackageNameValidation, takes_scope_and_slug_only) {
  const auto name = parse_name("@diego/rust-mastery");
  ASSERT_TRUE(name);
  EXPECT_EQ(name->scope, "diego");
  EXPECT_EQ(name->base, "rust-mastery");
  EXPECT_TRUE(parse_name("@a/0"));
  EXPECT_TRUE(parse_name("@a.b_c-d/" + std::string(63, 'x')));
  for (const std::string text :
       {"", "rust", "diego/rust", "@diego", "@diego/", "@/rust", "@Diego/rust", "@diego/Rust",
        "@diego/-rust", "@diego/ru_st", "@diego/rust.", "@diego/a/b", "@diego/\xc3\xa9",
        "@@diego/rust", "@diego/.."}) {
    const auto broken = parse_name(text);
    ASSERT_FALSE(broken) << text;
    EXPECT_EQ(broken.error().code, Code::invalid_name);
  }
  EXPECT_FALSE(parse_name("@a/" + std::string(64, 'x')));
}

TEST(CourseVersions, are_ordered_and_known_to_be_stable) {
  EXPECT_TRUE(comes_before("1.9.0", "1.10.0"));
  EXPECT_TRUE(comes_before("2.0.0-rc.1", "2.0.0"));
  EXPECT_TRUE(comes_before("1.0.0+1", "1.0.0+2"));
  EXPECT_TRUE(is_stable("1.0.0"));
  EXPECT_TRUE(is_stable("1.0.0+a-b"));
  EXPECT_FALSE(is_stable("1.0.0-rc.1"));
}

}  // namespace
}  // namespace kontor::progy
