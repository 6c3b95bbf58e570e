// Versions as npm counts them, and edits that change nothing else.
#include "apps/cli/progy/pack/raise_version.h"

#include <gtest/gtest.h>

namespace kontor::cli::progy {
namespace {

std::string next(const char* version, VersionStep step) {
  return to_string(raised(*parse_exact_version(version), step));
}

TEST(RaisedVersion, is_the_next_of_its_kind) {
  EXPECT_EQ(next("1.2.3", VersionStep::major), "2.0.0");
  EXPECT_EQ(next("1.2.3", VersionStep::minor), "1.3.0");
  EXPECT_EQ(next("1.2.3", VersionStep::patch), "1.2.4");
  EXPECT_EQ(next("1.2.3+build.5", VersionStep::patch), "1.2.4");
}

TEST(RaisedVersion, of_a_prerelease_is_what_it_leads_to) {
  EXPECT_EQ(next("2.0.0-rc.1", VersionStep::major), "2.0.0");
  EXPECT_EQ(next("2.1.0-rc.1", VersionStep::major), "3.0.0");
  EXPECT_EQ(next("1.3.0-rc.1", VersionStep::minor), "1.3.0");
  EXPECT_EQ(next("1.3.1-rc.1", VersionStep::minor), "1.4.0");
  EXPECT_EQ(next("1.2.3-rc.1", VersionStep::patch), "1.2.3");
}

TEST(WithVersion, changes_the_version_at_the_top_and_nothing_else) {
  const std::string text =
      "{\n\t\"engine\": {\"version\": \"1.0.0\"},\r\n  \"version\" :\n"
      " \"1.0.0\", \"x\": \"\\\"version\\\": \\\"1.0.0\\\"\"}\n\n";
  const auto changed = with_version(text, "1.1.0");
  ASSERT_TRUE(changed);
  auto expected = text;
  expected.replace(expected.find(" \"1.0.0\", \"x\"") + 2, 5, "1.1.0");
  EXPECT_EQ(*changed, expected);
}

TEST(WithVersion, declines_what_it_could_only_guess) {
  for (const auto* text :
       {"", "[]", "{}", R"({"version": "1\u002e0.0"})", R"({"a": {"version": "1.0.0"}})"})
    EXPECT_FALSE(with_version(text, "1.1.0")) << text;
}

}  // namespace
}  // namespace kontor::cli::progy
