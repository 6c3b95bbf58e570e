// Search texts and what they ask for.
#include "formats/npm/search_text.h"

#include <gtest/gtest.h>

namespace kontor::npm {
namespace {

using Words = std::vector<std::string>;

TEST(SearchText, is_split_into_words_and_qualifiers) {
  const auto q = parse_search_text(
                     "  react  author:alice\tmaintainer:@bob scope:@acme \"two words\" not:unstable "
                     "is:deprecated boost-exact:false other:thing")
                     .query;
  EXPECT_EQ(q.words, (Words{"react", "two words", "other:thing"}));
  EXPECT_EQ(q.author, "alice");
  EXPECT_EQ(q.maintainer, "bob");
  EXPECT_EQ(q.scope, "acme");
  EXPECT_EQ(q.unstable, false);
  EXPECT_EQ(q.deprecated, true);
}

TEST(SearchText, takes_keywords_in_three_ways) {
  const auto q = parse_search_text("keywords:a,b,c+d,-e").query;
  EXPECT_EQ(q.keywords_any, (Words{"a", "b"}));
  EXPECT_EQ(q.keywords_all, (Words{"c", "d"}));
  EXPECT_EQ(q.keywords_none, (Words{"e"}));
}

TEST(SearchText, takes_quoted_values) {
  EXPECT_EQ(parse_search_text("author:\"Nora Needle\" x").query.author, "Nora Needle");
  EXPECT_EQ(parse_search_text("\"unclosed text").query.words, (Words{"unclosed text"}));
}

TEST(SearchText, knows_that_nothing_is_insecure) {
  EXPECT_TRUE(parse_search_text("is:insecure").matches_nothing);
  EXPECT_FALSE(parse_search_text("not:insecure").matches_nothing);
}

TEST(SearchText, is_bounded) {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += "word" + std::to_string(i) + " ";
  text = std::string(10'000, 'x') + " " + text + " keywords:" + std::string(5000, ',') + "a";
  const auto q = parse_search_text(text).query;
  EXPECT_EQ(q.words.size(), 16u);
  EXPECT_EQ(q.words[0], std::string(214, 'x'));  // left out, the rest would find too much
  EXPECT_EQ(q.keywords_any, (Words{"a"}));
}

TEST(SearchText, may_be_empty) {
  const auto q = parse_search_text("  :: \"\" keywords: ").query;
  EXPECT_EQ(q.words, (Words{"::"}));
  EXPECT_TRUE(parse_search_text("").query.words.empty());
}

}  // namespace
}  // namespace kontor::npm
