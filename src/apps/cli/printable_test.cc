// Nothing that steers a terminal passes; everything else does.
#include "apps/cli/printable.h"

#include <gtest/gtest.h>

namespace kontor::cli {
namespace {

TEST(Printable, leaves_words_of_all_languages_alone) {
  for (const char* text : {"", "a b\tc\nd", "Größe 漢字 → 🎉", "\u2029\u202f"})
    EXPECT_EQ(printable(text), text);
}

TEST(Printable, shows_where_something_would_have_steered) {
  EXPECT_EQ(printable("a\x1b[2Jb\x7f"), "a?[2Jb?");
  EXPECT_EQ(printable("a\u009b2Jb"), "a?2Jb");
  EXPECT_EQ(printable("a\u202eb\u2066c\u202ad"), "a?b?c?d");
}

TEST(Printable, takes_broken_bytes) {
  EXPECT_EQ(printable("a\xc2"), "a\xc2");
  EXPECT_EQ(printable("\xe2\x80"), "\xe2\x80");
}

}  // namespace
}  // namespace kontor::cli
