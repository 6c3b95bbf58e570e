// Heads that are understood, and the many that must not be.
#include "adapters/asio/http1_parser.h"

#include <gtest/gtest.h>

namespace kontor::net {
namespace {

// Feeds `text` as it would arrive in one piece; the code's name where it is refused.
std::string outcome(std::string_view text, const HeadLimits& limits = {}) {
  HeadScanner scanner;
  const auto size = scanner.scan(text, limits);
  if (!size) return std::string(info(size.error().code).name);
  if (*size == 0) return "incomplete";
  http::Request request;
  Http1Head head;
  const auto parsed = parse_head(text.substr(0, *size), request, head);
  return parsed ? "ok" : std::string(info(parsed.error().code).name);
}

struct Parsed {
  http::Request request;
  Http1Head head;
};
Parsed parse(std::string_view text) {
  Parsed p;
  EXPECT_TRUE(parse_head(text, p.request, p.head)) << text;
  return p;
}

TEST(Http1Parser, understands_an_ordinary_request) {
  const auto p = parse(
      "PUT /@scope%2fname?write=true HTTP/1.1\r\nHost: a.test:4873\r\nX-Empty:\r\n"
      "User-Agent:  npm/10 \t\r\ncontent-length: 12\r\nExpect: 100-Continue\r\n\r\n");
  EXPECT_EQ(p.request.method, http::Method::put);
  EXPECT_EQ(p.request.method_text, "PUT");
  EXPECT_EQ(p.request.path, "/@scope%2fname");
  EXPECT_EQ(p.request.query, "write=true");
  EXPECT_EQ(p.request.header("user-agent"), "npm/10");
  ASSERT_EQ(p.request.headers.size(), 5u);
  EXPECT_EQ(p.request.headers[1].value, "");
  EXPECT_EQ(p.head.host, "a.test:4873");
  EXPECT_EQ(p.head.framing, BodyFraming::length);
  EXPECT_EQ(p.head.content_length, 12u);
  EXPECT_TRUE(p.head.keep_alive);
  EXPECT_TRUE(p.head.expects_continue);
}

TEST(Http1Parser, tells_how_the_body_is_framed) {
  const auto framing = [](std::string_view headers) {
    return parse("PUT / HTTP/1.1\r\nHost: a\r\n" + std::string(headers) + "\r\n").head.framing;
  };
  EXPECT_EQ(framing(""), BodyFraming::none);
  EXPECT_EQ(framing("Content-Length: 0\r\n"), BodyFraming::none);
  EXPECT_EQ(framing("Content-Length: 1\r\n"), BodyFraming::length);
  EXPECT_EQ(framing("Transfer-Encoding: Chunked\r\n"), BodyFraming::chunked);
}

TEST(Http1Parser, tells_whether_the_connection_stays) {
  EXPECT_TRUE(parse("GET / HTTP/1.1\r\nHost: a\r\n\r\n").head.keep_alive);
  EXPECT_FALSE(
      parse("GET / HTTP/1.1\r\nHost: a\r\nConnection: TE , Close\r\n\r\n").head.keep_alive);
  EXPECT_FALSE(parse("GET / HTTP/1.0\r\n\r\n").head.keep_alive);
  EXPECT_FALSE(parse("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").head.keep_alive);
}

TEST(Http1Parser, takes_the_host_of_an_absolute_target) {
  const auto p = parse("GET HTTP://b.test:80/x?y HTTP/1.1\r\nHost: a.test\r\n\r\n");
  EXPECT_EQ(p.head.host, "b.test:80");
  EXPECT_EQ(p.request.path, "/x");
  EXPECT_EQ(p.request.query, "y");
  EXPECT_EQ(parse("GET http://b.test HTTP/1.1\r\nHost: a\r\n\r\n").request.path, "/");
  EXPECT_EQ(parse("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n").request.path, "/");
}

TEST(Http1Parser, refuses_what_could_be_understood_differently) {
  const std::string start = "POST / HTTP/1.1\r\nHost: a\r\n";
  const std::string table[] = {
      start + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
      start + "Transfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n",
      start + "Content-Length: 1\r\nContent-Length: 1\r\n\r\n",
      start + "Content-Length: 1\r\nContent-Length: 2\r\n\r\n",
      start + "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n",
      start + "Content-Length: 1, 1\r\n\r\n",
      start + "Content-Length: +1\r\n\r\n",
      start + "Content-Length: -1\r\n\r\n",
      start + "Content-Length: 0x1\r\n\r\n",
      start + "Content-Length: 1 2\r\n\r\n",
      start + "Content-Length:\r\n\r\n",
      start + "Content-Length: 99999999999999999999\r\n\r\n",
      start + "Content-Length : 1\r\n\r\n",
      start + "Transfer-Encoding : chunked\r\n\r\n",
      start + " Transfer-Encoding: chunked\r\n\r\n",
      start + "Transfer-Encoding: chunked, identity\r\n\r\n",
      start + "Transfer-Encoding: gzip, chunked\r\n\r\n",
      start + "Transfer-Encoding: gzip\r\n\r\n",
      start + "Transfer-Encoding: identity\r\n\r\n",
      start + "Transfer-Encoding: xchunked\r\n\r\n",
      start + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
      start + "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n",
      start + "Transfer-Encoding:\r\n\r\n",
      start + "X: a\r\n b\r\n\r\n",
      start + "X: a\r\n\tb\r\n\r\n",
      start + "X: a\nContent-Length: 1\r\n\r\n",
      start + "X: a\rContent-Length: 1\r\n\r\n",
      start + "X: a\r\r\n\r\n",
      start + std::string("X: a\0b\r\n\r\n", 10),
      start + "X: a\x01\r\n\r\n",
      start + "X: a\x7f\r\n\r\n",
      start + "X\x80: a\r\n\r\n",
      start + "X Y: a\r\n\r\n",
      start + ": a\r\n\r\n",
      start + "X\r\n\r\n",
      start + "Host: a\r\n\r\n",
      start + "Host: b\r\n\r\n",
      "GET / HTTP/1.1\r\n\r\n",
      "GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n",
      "GET / HTTP/1.1\nHost: a\n\n",
      "GET / HTTP/1.1\r\nHost: a\n\r\n",
  };
  for (const auto& text : table) EXPECT_EQ(outcome(text), "bad_request") << text;
}

TEST(Http1Parser, refuses_malformed_request_lines) {
  const std::string rest = "\r\nHost: a\r\n\r\n";
  const std::string table[] = {"GARBAGE" + rest,
                               "GET" + rest,
                               "GET /" + rest,
                               "get / HTTP/1.1" + rest,
                               "GET / HTTP/2.0" + rest,
                               "GET / HTTP/0.9" + rest,
                               "GET / HTTP/1.2" + rest,
                               "GET / HTTP/11" + rest,
                               "GET  / HTTP/1.1" + rest,
                               "GET /\tx HTTP/1.1" + rest,
                               "GET /a b HTTP/1.1" + rest,
                               "GET x HTTP/1.1" + rest,
                               "GET * HTTP/1.1" + rest,
                               "GET /#f HTTP/1.1" + rest,
                               "GET /\x80 HTTP/1.1" + rest,
                               std::string("GET /\0 HTTP/1.1", 15) + rest,
                               "GET http:/// HTTP/1.1" + rest,
                               "CONNECT a:80 HTTP/1.1" + rest,
                               "GET / FTP/1.1" + rest,
                               "PRI * HTTP/2.0\r\n\r\n",
                               "\x16\x03\x01\x02",
                               " GET / HTTP/1.1" + rest,
                               "GET / HTTP/1.1 " + rest};
  for (const auto& text : table) EXPECT_EQ(outcome(text), "bad_request") << text;
  EXPECT_EQ(outcome("FROB / HTTP/1.1" + rest), "not_implemented");
}

TEST(Http1Parser, holds_its_limits) {
  const HeadLimits limits{.uri_bytes = 100, .header_bytes = 400, .header_count = 5};
  const auto uri = [](std::size_t n) { return "GET /" + std::string(n, 'a'); };
  const std::string rest = " HTTP/1.1\r\nHost: a\r\n\r\n";
  EXPECT_EQ(outcome(uri(90) + rest, limits), "ok");
  EXPECT_EQ(outcome(uri(150) + rest, limits), "uri_too_long");
  EXPECT_EQ(outcome(uri(150), limits), "uri_too_long");
  std::string many = "GET / HTTP/1.1\r\nHost: a\r\n";
  for (int i = 0; i < 4; ++i) many += "x: y\r\n";
  EXPECT_EQ(outcome(many + "\r\n", limits), "ok");
  EXPECT_EQ(outcome(many + "x: y\r\n\r\n", limits), "headers_too_large");
  const std::string big = "GET / HTTP/1.1\r\nHost: a\r\nx: " + std::string(400, 'y');
  EXPECT_EQ(outcome(big, limits), "headers_too_large");
  EXPECT_EQ(outcome(big + "\r\n\r\n", limits), "headers_too_large");
}

TEST(HeadScanner, finds_the_end_wherever_the_pieces_are_cut) {
  const std::string text = "GET /a HTTP/1.1\r\nHost: a\r\nX: y\r\n\r\nGET /next";
  const std::size_t expected = text.find("GET /next");
  for (std::size_t cut = 1; cut < expected; ++cut) {
    HeadScanner scanner;
    EXPECT_EQ(*scanner.scan(text.substr(0, cut), {}), 0u) << cut;
    EXPECT_EQ(*scanner.scan(text, {}), expected) << cut;
  }
  HeadScanner scanner;
  for (std::size_t n = 0; n < expected; ++n) EXPECT_EQ(*scanner.scan(text.substr(0, n), {}), 0u);
  EXPECT_EQ(*scanner.scan(text, {}), expected);
}

}  // namespace
}  // namespace kontor::net
