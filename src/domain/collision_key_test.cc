// Collision keys: names people mistake for one another meet, others do not.
#include "domain/collision_key.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <utility>
#include <vector>

namespace kontor {
namespace {

std::string random_name(std::mt19937& random) {
  constexpr std::string_view kAlphabet = "abilnorvw01x._-";
  std::string name;
  for (std::size_t i = random() % 12; i > 0; --i) name += kAlphabet[random() % kAlphabet.size()];
  return name;
}

TEST(CollisionKey, names_that_look_alike_have_one_key) {
  const std::vector<std::vector<std::string>> groups = {
      {"lodash", "1odash", "lo-dash", "l0dash", "Lodash", "l.o_d-ash", "iodash"},
      {"microsoft", "rnicrosoft", "m1cr0s0ft"},
      {"wide", "vvide", "w-i-d-e"},
      {"is-number", "isnumber", "ls-number"},
  };
  for (const auto& group : groups)
    for (const std::string& name : group)
      EXPECT_EQ(collision_key(name), collision_key(group.front())) << name;
}

TEST(CollisionKey, names_that_differ_have_different_keys) {
  const std::vector<std::string> names = {"react",   "preact", "redux", "lodash", "lodash4",
                                          "express", "moment", "wide",  "vide",   "number"};
  for (const std::string& a : names)
    for (const std::string& b : names)
      EXPECT_EQ(collision_key(a) == collision_key(b), a == b) << a << " " << b;
}

TEST(CollisionKey, scope_and_base_are_folded_apart) {
  EXPECT_EQ(collision_key(PackageName{"My-Scope", "lo-dash"}), "@mysc0pe/10dash");
  EXPECT_EQ(collision_key(PackageName{"", "lo-dash"}), "10dash");
  EXPECT_NE(collision_key(PackageName{"a", "bc"}), collision_key(PackageName{"ab", "c"}));
  EXPECT_NE(collision_key(PackageName{"a", "b"}), collision_key(PackageName{"", "ab"}));
}

TEST(CollisionKey, a_key_is_its_own_key_and_keeps_what_it_does_not_know) {
  std::mt19937 random(1);
  for (int i = 0; i < 20'000; ++i) {
    const std::string name = random_name(random);
    const std::string key = collision_key(name);
    ASSERT_EQ(collision_key(key), key) << name;
    ASSERT_EQ(key.find_first_of("lio._-"), key.npos) << name;
  }
  EXPECT_EQ(collision_key("\xD0\xB0z"), "\xD0\xB0z");
}

TEST(CollisionKey, punctuation_case_and_twins_never_change_a_key) {
  std::mt19937 random(2);
  for (int i = 0; i < 20'000; ++i) {
    const std::string name = random_name(random);
    std::string other;
    for (char c : name) {
      if (random() % 4 == 0) other += "._-"[random() % 3];
      if (c == 'l' || c == 'i' || c == '1') c = "li1LI"[random() % 5];
      if (c == 'o' || c == '0') c = "o0O"[random() % 3];
      other += c;
    }
    ASSERT_EQ(collision_key(other), collision_key(name)) << name << " " << other;
  }
}

TEST(WithinOneEdit, is_true_for_each_kind_of_edit) {
  for (const auto& [a, b] : std::vector<std::pair<std::string, std::string>>{{"react", "react"},
                                                                             {"react", "reactt"},
                                                                             {"react", "rect"},
                                                                             {"react", "xreact"},
                                                                             {"react", "raect"},
                                                                             {"react", "reacx"},
                                                                             {"", "a"},
                                                                             {"", ""},
                                                                             {"ab", "ba"}}) {
    EXPECT_TRUE(within_one_edit(a, b)) << a << " " << b;
    EXPECT_TRUE(within_one_edit(b, a)) << a << " " << b;
  }
}

TEST(WithinOneEdit, is_false_from_two_edits_on) {
  for (const auto& [a, b] : std::vector<std::pair<std::string, std::string>>{{"react", "rea"},
                                                                             {"react", "tcaer"},
                                                                             {"", "ab"},
                                                                             {"abc", "bca"},
                                                                             {"abcd", "badc"},
                                                                             {"react", "raectt"},
                                                                             {"ab", "cd"},
                                                                             {"a", "bc"}}) {
    EXPECT_FALSE(within_one_edit(a, b)) << a << " " << b;
    EXPECT_FALSE(within_one_edit(b, a)) << a << " " << b;
  }
}

TEST(WithinOneEdit, finds_every_random_edit) {
  std::mt19937 random(3);
  for (int i = 0; i < 20'000; ++i) {
    const std::string name = random_name(random);
    std::string other = name;
    const std::size_t at = random() % (name.size() + 1);
    switch (random() % 4) {
      case 0:
        other.insert(at, 1, 'q');
        break;
      case 1:
        other.erase(at, 1);
        break;
      case 2:
        other.replace(at, at < name.size() ? 1 : 0, "q");
        break;
      default:
        if (at + 1 < name.size()) std::swap(other[at], other[at + 1]);
    }
    ASSERT_TRUE(within_one_edit(name, other)) << name << " " << other;
    ASSERT_FALSE(within_one_edit(name, other + "zzz")) << name << " " << other;
  }
}

}  // namespace
}  // namespace kontor
