// Scores that FIRST's calculators and examples give.
#include "domain/advisory/cvss.h"

#include <gtest/gtest.h>

namespace kontor {
namespace {

TEST(Cvss, scores_of_known_vectors) {
  const std::pair<const char*, double> known[] = {
      {"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 9.8},
      {"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", 10.0},
      {"CVSS:3.0/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N", 6.1},
      {"CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N", 6.4},
      {"CVSS:3.0/AV:N/AC:H/PR:N/UI:R/S:U/C:L/I:N/A:N", 3.1},
      {"CVSS:3.1/AV:P/AC:H/PR:H/UI:R/S:U/C:N/I:N/A:L", 1.6},
      {"CVSS:3.1/AV:L/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 8.4},
      {"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H/E:P/RL:O", 7.5},
      {"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N", 0.0},
      {"AV:N/AC:L/Au:N/C:N/I:N/A:C", 7.8},
      {"(AV:N/AC:L/Au:N/C:C/I:C/A:C)", 10.0},
      {"AV:L/AC:H/Au:N/C:C/I:C/A:C", 6.2},
  };
  for (const auto& [vector, score] : known) {
    const auto found = cvss_score(vector);
    ASSERT_TRUE(found) << vector;
    EXPECT_DOUBLE_EQ(*found, score) << vector;
  }
}

TEST(Cvss, anything_else_has_no_score) {
  for (const auto* text :
       {"", "high", "CVSS:3.1/", "CVSS:3.1/AV:N",
        "CVSS:3.1/AV:N/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
        "CVSS:3.1/AV:X/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
        "CVSS:9.9/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "AV:N/AC:L/Au:N/C:N/I:N", "/////", ":/:"})
    EXPECT_FALSE(cvss_score(text)) << text;
}

}  // namespace
}  // namespace kontor
