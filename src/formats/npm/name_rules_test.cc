// npm's rules for package names and dist-tags, as tables.
#include "formats/npm/name_rules.h"

#include "base/encoding.h"
#include "formats/npm/tag_rules.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace kontor::npm {
namespace {

TEST(NameRules, legal_names_are_split_at_the_slash) {
  for (std::string_view full : {"a", "0", "lodash.merge", "a_b-c.d", "http", "git", "x..y", "a-",
                                "node_modules2", "constructor"}) {
    const auto name = parse_package_name(full);
    ASSERT_TRUE(name) << full;
    EXPECT_EQ(*name, (PackageName{"", std::string(full)}));
  }
  const auto scoped = parse_package_name("@my.scope/a-b");
  ASSERT_TRUE(scoped);
  EXPECT_EQ(*scoped, (PackageName{"my.scope", "a-b"}));
  EXPECT_EQ(scoped->full(), "@my.scope/a-b");
}

TEST(NameRules, new_names_that_break_a_rule_are_refused_with_the_rule) {
  struct Case {
    std::string_view full, rule;
  };
  for (const auto& [full, rule] : std::initializer_list<Case>{
           {"", "empty"},
           {"@scope/", "empty"},
           {"@scope", "@scope/name"},
           {"@/a", "@scope/name"},
           {"@", "@scope/name"},
           {"a/b", "a-z"},
           {"@a/b/c", "a-z"},
           {"@@a/b", "a-z"},
           {"A", "a-z"},
           {"@A/b", "a-z"},
           {"a b", "a-z"},
           {" a", "a-z"},
           {"a~", "a-z"},
           {"a%2fb", "a-z"},
           {"a\\b", "a-z"},
           {std::string_view("a\0b", 3), "a-z"},
           {"l\xD0\xBE"
            "dash",
            "a-z"},  // Cyrillic o
           {"re\xD0\xB0"
            "ct",
            "a-z"},                  // Cyrillic a
           {"\xEF\xBD\x81", "a-z"},  // full-width a
           {".a", "begin"},
           {"_a", "begin"},
           {"-a", "begin"},
           {"..", "begin"},
           {"@.a/b", "begin"},
           {"@a/.b", "begin"},
           {"@_a/b", "begin"},
           {"@a/-", "begin"},
           {"node_modules", "node_modules"},
           {"favicon.ico", "favicon.ico"},
           {"@a/node_modules", "node_modules"},
       }) {
    const auto name = parse_package_name(full);
    ASSERT_FALSE(name) << full;
    EXPECT_EQ(name.error().code, Code::invalid_name) << full;
    EXPECT_NE(name.error().detail.find(rule), std::string::npos) << full << name.error().detail;
  }
}

TEST(NameRules, the_full_name_has_at_most_214_characters) {
  EXPECT_TRUE(parse_package_name(std::string(214, 'a')));
  EXPECT_FALSE(parse_package_name(std::string(215, 'a')));
  EXPECT_TRUE(parse_package_name("@s/" + std::string(211, 'a')));
  EXPECT_FALSE(parse_package_name("@s/" + std::string(212, 'a')));
}

TEST(NameRules, lookups_also_know_names_of_older_rules) {
  for (std::string_view full :
       {"JSONStream", "a~b", "it's", "@Scope/Base", "@a/_b", "@a/-b", "(a)"}) {
    EXPECT_TRUE(parse_lookup_name(full)) << full;
    EXPECT_FALSE(parse_package_name(full)) << full;
  }
}

TEST(NameRules, lookups_of_names_no_package_can_have_find_nothing) {
  for (std::string_view full : {"",
                                "@",
                                "@a",
                                "@a/",
                                "@/a",
                                "a/b",
                                "@a/b/c",
                                ".",
                                "..",
                                "@../a",
                                "@a/..",
                                "@a/-",
                                "-",
                                "_a",
                                "a b",
                                "a%2fb",
                                "a\\b",
                                "a?b",
                                "a#b",
                                "Node_Modules",
                                "@a/favicon.ico",
                                "l\xD0\xBE"
                                "dash"}) {
    const auto name = parse_lookup_name(full);
    ASSERT_FALSE(name) << full;
    EXPECT_EQ(name.error().code, Code::not_found);
  }
  EXPECT_FALSE(parse_lookup_name(std::string(215, 'A')));
}

TEST(NameRules, names_of_our_own_paths_are_reserved_at_the_root_unless_scoped) {
  for (std::string_view base :
       {"npm", "git", "api", "ui", "project-x", "project-", "health", "v1"}) {
    EXPECT_TRUE(is_reserved_at_root({"", std::string(base)})) << base;
    EXPECT_FALSE(is_reserved_at_root({"s", std::string(base)})) << base;
  }
  for (std::string_view base : {"npm2", "project", "projects-x", "gits", "apiary", "v11"})
    EXPECT_FALSE(is_reserved_at_root({"", std::string(base)})) << base;
  for (std::string_view reserved : reserved_first_segments()) {
    const std::string base(reserved.substr(0, reserved.find('*')));
    EXPECT_TRUE(is_reserved_at_root({"", base})) << reserved;
  }
}

TEST(NameRules, every_accepted_text_is_one_safe_path_and_reads_back_the_same) {
  constexpr std::string_view kAlphabet = "ab0._-@/A~% \xD0";
  std::mt19937 random(4);
  int accepted = 0;
  for (int i = 0; i < 200'000; ++i) {
    std::string full = random() % 2 == 0 ? "@" : "";
    for (std::size_t n = random() % 8; n > 0; --n) full += kAlphabet[random() % kAlphabet.size()];
    const auto name = parse_package_name(full);
    const auto lookup = parse_lookup_name(full);
    if (lookup) {
      ASSERT_EQ(lookup->full(), full);
    }
    if (!name) continue;
    ++accepted;
    ASSERT_EQ(name->full(), full);
    ASSERT_TRUE(lookup && *lookup == *name) << full;
    ASSERT_EQ(percent_encode(name->base), name->base) << full;
    ASSERT_EQ(percent_encode(name->scope), name->scope) << full;
    ASSERT_EQ(to_lower_ascii(full), full);
  }
  EXPECT_GT(accepted, 1000);
}

TEST(TagRules, ordinary_tags_are_accepted) {
  for (std::string_view tag : {"latest", "next", "beta", "canary", "v1-lts", "release-1.x", "a",
                               "_", "Stable", "it's", "-", "node-20", "..."})
    EXPECT_TRUE(check_tag(tag)) << tag;
  EXPECT_TRUE(check_tag(std::string(214, 'a')));
}

TEST(TagRules, tags_that_break_a_rule_are_refused_with_the_rule) {
  struct Case {
    std::string_view tag, rule;
  };
  const std::string long_tag(215, 'a');
  for (const auto& [tag, rule] : std::initializer_list<Case>{
           {"", "empty"},
           {long_tag, "214"},
           {"a b", "made of"},
           {"a/b", "made of"},
           {"a%20", "made of"},
           {"a?", "made of"},
           {"^1", "made of"},
           {">1", "made of"},
           {"\xC3\xA9", "made of"},
           {std::string_view("a\0", 2), "made of"},
           {"a\n", "made of"},
           {".", "cannot be"},
           {"..", "cannot be"},
           {"1", "range"},
           {"1.2.3", "range"},
           {"v1", "range"},
           {"v1.2.3-beta", "range"},
           {"x", "range"},
           {"X", "range"},
           {"*", "range"},
           {"1.x", "range"},
           {"~1", "range"},
           {"__proto__", "confuse"},
           {"constructor", "confuse"},
           {"toString", "confuse"},
       }) {
    const auto checked = check_tag(tag);
    ASSERT_FALSE(checked) << tag;
    EXPECT_EQ(checked.error().code, Code::invalid_tag) << tag;
    EXPECT_NE(checked.error().detail.find(rule), std::string::npos)
        << tag << ": " << checked.error().detail;
  }
}

}  // namespace
}  // namespace kontor::npm
