// Bodies in pieces of every size.
#include "http/multipart.h"

#include <gtest/gtest.h>

namespace kontor::http {
namespace {

struct Collected final : PartSink {
  Result<void> begin_part(const PartHead& head) override {
    text += "<" + head.name + "|" + head.file_name + ">";
    return {};
  }
  Result<void> data(ByteView piece) override {
    text += piece;
    return {};
  }
  Result<void> end_part() override {
    text += "</>";
    return {};
  }
  std::string text;
};

std::string read(std::string_view body, std::size_t piece) {
  MultipartReader reader("b");
  Collected sink;
  for (std::size_t at = 0; at < body.size(); at += piece)
    if (auto done = reader.feed(body.substr(at, piece), sink); !done)
      return std::string(done.error().message());
  if (auto done = reader.finish(); !done) return std::string(done.error().message());
  return sink.text;
}

const std::string kHead = "Content-Disposition: form-data; name=\"a\"; filename=\"x;y\\\".gz\"\r\n";

TEST(Multipart, parts_come_as_they_were_sent_whatever_the_pieces) {
  const std::string body = "--b\r\n" + kHead + "Content-Type: application/gzip\r\n\r\n" +
                           "one\r\n--\r\n-b\r\n--c\r\n\r\n--b \t\r\n" +
                           "content-disposition: form-data; name=second\r\n\r\n\r\n--b--\r\nend";
  for (std::size_t piece = 1; piece <= body.size(); ++piece)
    EXPECT_EQ(read(body, piece), "<a|x;y\".gz>one\r\n--\r\n-b\r\n--c\r\n</><second|></>") << piece;
}

TEST(Multipart, what_is_no_multipart_body_is_refused) {
  const std::string malformed = "The body is not multipart/form-data as its Content-Type says.";
  const std::string cut = "The multipart body ends before its closing boundary.";
  const std::pair<std::string, std::string> cases[] = {
      {"", cut},
      {"no boundary", cut},
      {std::string(2000, 'x'), malformed},
      {"--b\r\n" + kHead + "\r\nabc", cut},
      {"--b\r\n" + kHead + "\r\nabc\r\n--b", cut},
      {"--bx\r\n", malformed},
      {"--b\r\nContent-Type: x\r\n\r\nabc\r\n--b--", malformed},
      {"--b\r\nno colon\r\n\r\n", malformed},
      {"--b\r\n" + std::string(70'000, 'x'), "The head of a part is longer than 4096 bytes."},
  };
  for (const auto& [body, expected] : cases) EXPECT_EQ(read(body, 64 * 1024), expected) << body.substr(0, 40);
}

TEST(Multipart, many_parts_are_refused) {
  std::string body;
  for (int i = 0; i < 20; ++i) body += "--b\r\n" + kHead + "\r\n\r\n";
  EXPECT_EQ(read(body + "--b--", 100), "A multipart body has at most 16 parts with small heads.");
}

TEST(Multipart, the_boundary_of_a_content_type) {
  EXPECT_EQ(multipart_boundary("multipart/form-data; boundary=abc"), "abc");
  EXPECT_EQ(multipart_boundary("Multipart/Form-Data;charset=x; Boundary=\"a b\""), "a b");
  for (const auto* type : {"", "text/plain; boundary=a", "multipart/mixed; boundary=a",
                           "multipart/form-data", "multipart/form-data; boundary=",
                           "multipart/form-data; boundary=\"a \"",
                           "multipart/form-data; boundary=\"a\r\nb\""})
    EXPECT_FALSE(multipart_boundary(type)) << type;
  EXPECT_FALSE(multipart_boundary("multipart/form-data; boundary=" + std::string(71, 'a')));
}

}  // namespace
}  // namespace kontor::http
