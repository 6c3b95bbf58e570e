// Vectors of the check digits, and what is refused.
#include "domain/token_text.h"

#include <gtest/gtest.h>

#include <map>

namespace kontor {
namespace {

TEST(TokenText, check_digits_match_the_published_vectors) {
  EXPECT_EQ(make_token_text("zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ"),
            "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");
  EXPECT_EQ(make_token_text(std::string(30, 'A')), "npm_" + std::string(30, 'A') + "0uCPlr");
  EXPECT_EQ(make_token_text("0123456789abcdefghijklmnopqrst"),
            "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");
}

TEST(TokenText, accepts_what_it_makes_and_refuses_every_single_changed_character) {
  const std::string good = make_token_text("zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ");
  EXPECT_TRUE(is_token_text(good));
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] = bad[i] == 'x' ? 'y' : 'x';
    EXPECT_FALSE(is_token_text(bad)) << bad;
  }
}

TEST(TokenText, refuses_other_lengths_and_alphabets) {
  const std::string good = make_token_text(std::string(30, 'A'));
  for (const auto& bad : {std::string(), good.substr(1), good + "A", "pnm_" + good.substr(4),
                          std::string(40, '\0'), std::string("npm_") + std::string(36, '-')})
    EXPECT_FALSE(is_token_text(bad)) << bad;
}

TEST(TokenText, every_character_is_equally_likely) {
  std::string all(256, '\0');
  for (int i = 0; i < 256; ++i) all[static_cast<std::size_t>(i)] = static_cast<char>(i);
  std::map<char, int> seen;
  for (char c : unbiased_base62(all)) ++seen[c];
  EXPECT_EQ(seen.size(), 62u);
  for (const auto& [c, count] : seen) EXPECT_EQ(count, 4) << c;
}

}  // namespace
}  // namespace kontor
