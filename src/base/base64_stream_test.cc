// Streaming base64 against the one-shot decoder.
#include "base/base64_stream.h"

#include "base/encoding.h"

#include <gtest/gtest.h>

namespace kontor {
namespace {

std::optional<std::string> decode(ByteView text, std::size_t piece) {
  Base64Stream stream;
  std::string out;
  for (; !text.empty(); text.remove_prefix(std::min(piece, text.size()))) {
    const std::size_t before = out.size();
    if (!stream.feed(text.substr(0, piece), out)) return std::nullopt;
    EXPECT_LE(out.size() - before, std::min(piece, text.size()) + 2);
  }
  return stream.finish() ? std::optional(out) : std::nullopt;
}

TEST(Base64Stream, decodes_like_the_one_shot_decoder_at_any_piece_size) {
  std::string bytes;
  for (int i = 0; i < 300; ++i) {
    bytes += static_cast<char>(i * 37 + i / 7);
    const std::string text = to_base64(bytes);
    for (std::size_t piece : {1, 2, 3, 5, 64, 1000}) ASSERT_EQ(decode(text, piece), bytes);
  }
  EXPECT_EQ(decode("", 1), "");
}

TEST(Base64Stream, refuses_what_is_not_strict) {
  for (const char* text :
       {"A",    "AA",    "AAA",      "A===",    "AA=",          "AA=A",    "=AAA",
        "AB==", "AAB=",  "AA==AA==", "AA== ",   "AAAA ",        " AAAA",   "AA\nAA",
        "AA-_", "AAAA=", "====",     "AAA\xc3", "AAAAAAAA*AAA", "AAA=AAAA"})
    for (std::size_t piece : {1, 3, 100}) EXPECT_EQ(decode(text, piece), std::nullopt) << text;
}

TEST(Base64Stream, accepts_only_what_the_one_shot_decoder_accepts) {
  const std::string_view some = "AQZaz09+/=-\n";
  for (std::size_t n = 0; n < 12 * 12 * 12 * 12; ++n) {
    std::string text = "QUJD";
    for (std::size_t i = 0, rest = n; i < 4; ++i, rest /= 12) text += some[rest % 12];
    ASSERT_EQ(decode(text, 3), from_base64(text)) << text;
  }
}

TEST(Base64Stream, stays_failed_and_starts_afresh_after_finish) {
  Base64Stream stream;
  std::string out;
  EXPECT_FALSE(stream.feed("AA*A", out));
  EXPECT_FALSE(stream.feed("AAAA", out));
  EXPECT_FALSE(stream.finish());
  EXPECT_TRUE(stream.feed("YQ==", out));
  EXPECT_TRUE(stream.finish());
  EXPECT_EQ(out, "a");
}

}  // namespace
}  // namespace kontor
