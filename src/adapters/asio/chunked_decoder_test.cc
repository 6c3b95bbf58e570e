// Chunked bodies, whole, in pieces of every size, and broken.
#include "adapters/asio/chunked_decoder.h"

#include <gtest/gtest.h>

namespace kontor::net {
namespace {

// Decodes in pieces of `piece` bytes; "error" where it is refused, '|' and the rest after the end.
std::string decode(std::string text, std::size_t piece = 1 << 20) {
  ChunkedDecoder decoder;
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const auto n = std::min(piece, text.size() - at);
    const auto step = decoder.decode(std::span(text).subspan(at, n));
    if (!step) return "error";
    out.append(text, at, step->produced);
    at += step->consumed;
    if (step->done) return out + "|" + text.substr(at);
    if (step->consumed != n) return "stuck";
  }
  return out;
}

TEST(ChunkedDecoder, yields_the_payload_and_leaves_the_next_request) {
  const std::string text =
      "4\r\nWiki\r\n6;name=\"v\"\r\npedia \r\nE\r\nin \r\n\r\nchunks.\r\n0\r\n\r\nGET /";
  EXPECT_EQ(decode(text), "Wikipedia in \r\n\r\nchunks.|GET /");
}

TEST(ChunkedDecoder, yields_the_same_wherever_the_pieces_are_cut) {
  const std::string text =
      "00a\r\n0123456789\r\n3;x\r\nabc\r\n0;y=z\r\nTrailer: v\r\nOther: w\r\n\r\n";
  for (std::size_t piece = 1; piece < text.size(); ++piece)
    EXPECT_EQ(decode(text, piece), "0123456789abc|") << piece;
}

TEST(ChunkedDecoder, an_unfinished_body_is_not_done) {
  for (const auto text :
       {"", "5", "5\r", "5\r\nabc", "5\r\nabcde", "5\r\nabcde\r\n", "0\r\n", "0\r\n\r"})
    EXPECT_EQ(decode(text).find('|'), std::string::npos) << text;
}

TEST(ChunkedDecoder, refuses_whatever_breaks_the_grammar) {
  const std::string table[] = {"\r\n",
                               "g\r\n",
                               "-1\r\n",
                               "+1\r\n",
                               "0x1\r\n",
                               " 1\r\na\r\n",
                               "1 \r\na\r\n",
                               "1\na\r\n",
                               "1\r\rna\r\n",
                               ";x\r\n",
                               "1\r\nab\r\n",
                               "1\r\na\n0\r\n\r\n",
                               "1\r\na\r0\r\n\r\n",
                               "1234567890123456\r\n",
                               "fffffffffffffffff\r\n",
                               "1;a\nb\r\nx\r\n",
                               std::string("1;\0\r\nx\r\n", 8),
                               "0\r\n folded\r\n\r\n",
                               "0\r\nx: y\n\r\n",
                               "0\r\n\n",
                               "1;" + std::string(300, 'e') + "\r\nx\r\n",
                               "0\r\nx: " + std::string(9000, 't') + "\r\n\r\n"};
  for (const auto& text : table) EXPECT_EQ(decode(text), "error") << text;
}

TEST(ChunkedDecoder, bounds_all_trailers_together) {
  std::string text = "0\r\n";
  for (int i = 0; i < 1000; ++i) text += "name: value\r\n";
  EXPECT_EQ(decode(text + "\r\n"), "error");
}

}  // namespace
}  // namespace kontor::net
