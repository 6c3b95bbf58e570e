// Patterns as git's wildmatch decides them; tests/process compares whole trees with git itself.
#include "apps/cli/progy/pack/glob.h"

#include "apps/cli/progy/pack/ignore_rules.h"

#include <gtest/gtest.h>

namespace kontor::cli::progy {
namespace {

struct Case {
  std::string_view pattern;
  std::string_view text;
  bool path;  // decided as a path, where slashes count
  bool name;  // decided as a name
};

constexpr Case kCases[] = {
    {"foo", "foo", true, true},
    {"foo", "bar", false, false},
    {"foo", "foobar", false, false},
    {"", "", true, true},
    {"???", "foo", true, true},
    {"??", "foo", false, false},
    {"*", "foo", true, true},
    {"f*", "foo", true, true},
    {"*f", "foo", false, false},
    {"*ob*a*r*", "foobar", true, true},
    {"*ab", "aaaaaaabababab", true, true},
    {R"(foo\*)", "foo*", true, true},
    {R"(foo\*bar)", "foobar", false, false},
    {R"(f\\oo)", R"(f\oo)", true, true},
    {R"(foo\)", "foo", false, false},
    {"*[al]?", "ball", true, true},
    {"[ten]", "ten", false, false},
    {"**[!te]", "ten", true, true},
    {"t[a-g]n", "ten", true, true},
    {"t[!a-g]n", "ten", false, false},
    {"t[^a-g]n", "ton", true, true},
    {"a[]]b", "a]b", true, true},
    {"a[]-]b", "a-b", true, true},
    {"a[]a-]b", "aab", true, true},
    {"]", "]", true, true},
    {"[a", "[a", false, false},
    {R"([\]])", "]", true, true},
    {"[[:alpha:]][[:digit:]][[:upper:]]", "a1B", true, true},
    {"[[:digit:][:upper:][:space:]]", "a", false, false},
    {"[[:nonsense:]]", "a", false, false},
    // Slashes
    {"foo?bar", "foo/bar", false, true},
    {"foo[/]bar", "foo/bar", false, true},
    {"foo*bar", "foo/baz/bar", false, true},
    {"foo**bar", "foo/baz/bar", false, true},
    {"foo/**/bar", "foo/baz/bar", true, true},
    {"foo/**/bar", "foo/bar", true, false},
    {"foo/**/**/bar", "foo/b/a/z/bar", true, true},
    {"**/foo", "foo", true, false},
    {"**/foo", "a/b/foo", true, true},
    {"**/bar*", "foo/bar/baz", false, true},
    {"foo/**", "foo/a/b", true, true},
    {"foo/**", "foo", false, false},
    {"**", "a/b", true, true},
    {"*/*/*", "foo/bb/aa/rr", false, true},
    {"content/**/*", "content/01/a.md", true, true},
};

TEST(Glob, decides_as_git_does) {
  for (const auto& one : kCases) {
    SCOPED_TRACE(std::string(one.pattern) + " on " + std::string(one.text));
    EXPECT_EQ(Glob(one.pattern, Glob::Slashes::significant).matches(one.text), one.path);
    EXPECT_EQ(Glob(one.pattern, Glob::Slashes::ordinary).matches(one.text), one.name);
  }
}

TEST(Glob, takes_no_time_for_patterns_made_to_take_it) {
  std::string pattern;
  for (int i = 0; i < 200; ++i) pattern += "a*";
  EXPECT_FALSE(Glob(pattern + "b", Glob::Slashes::ordinary).matches(std::string(4000, 'a')));
}

TEST(Glob, knows_where_its_literal_start_ends) {
  EXPECT_EQ(literal_length("content/*.md"), 8u);
  EXPECT_EQ(literal_length("a[b]"), 1u);
  EXPECT_EQ(literal_length("plain"), 5u);
}

TEST(IgnoreRules, let_the_deepest_file_and_its_last_line_decide) {
  IgnoreRules rules;
  rules.enter("", IgnoreFile("*.log\n!keep.log\n/build/\n"));
  EXPECT_TRUE(rules.ignores("a/b.log", false));
  EXPECT_FALSE(rules.ignores("a/keep.log", false));
  EXPECT_TRUE(rules.ignores("build", true));
  EXPECT_FALSE(rules.ignores("build", false));
  EXPECT_FALSE(rules.ignores("a/build", true));
  rules.enter("a/", IgnoreFile("!b.log\nkeep.log\n"));
  EXPECT_FALSE(rules.ignores("a/b.log", false));
  EXPECT_TRUE(rules.ignores("a/keep.log", false));
  rules.leave();
  EXPECT_TRUE(rules.ignores("a/b.log", false));
}

TEST(IgnoreFile, reads_its_lines_as_git_does) {
  const IgnoreFile file("# a comment\n\n\\#c\ntrailing  \nkept\\ \r\n\\!d\n");
  EXPECT_TRUE(file.ignores("#c", false).value_or(false));
  EXPECT_FALSE(file.ignores("# a comment", false));
  EXPECT_TRUE(file.ignores("trailing", false).value_or(false));
  EXPECT_TRUE(file.ignores("kept ", false).value_or(false));
  EXPECT_TRUE(file.ignores("!d", false).value_or(false));
}

}  // namespace
}  // namespace kontor::cli::progy
