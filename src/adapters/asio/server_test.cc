// HTTP/1.1 over real sockets: what a client sees.
#include "adapters/asio/hot_bodies.h"
#include "adapters/asio/server_test_support.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace kontor::net {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(Server, answers_and_keeps_the_connection) {
  TestServer server;
  auto client = server.client();
  for (int i = 0; i < 3; ++i) {
    client.send(get("/a?b=c"));
    const auto reply = client.read_reply();
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->status, 200);
    EXPECT_THAT(reply->head, StartsWith("HTTP/1.1 200 OK\r\n"));
    EXPECT_EQ(reply->body, "path=/a query=b=c");
    EXPECT_EQ(reply->header("content-type"), "text/plain; charset=utf-8");
    EXPECT_EQ(reply->header("x-request-id").size(), 16u);
    EXPECT_TRUE(parse_http_date(reply->header("date")));
    EXPECT_EQ(reply->header("connection"), "");
  }
  EXPECT_EQ(server.server->open_connections(), 1u);
}

TEST(Server, answers_pipelined_requests_in_order) {
  TestServer server;
  auto client = server.client();
  std::string all;
  for (int i = 0; i < 500; ++i) all += get(i % 3 == 0 ? "/hop" : "/n" + std::to_string(i));
  client.send(all);
  for (int i = 0; i < 500; ++i) {
    const auto reply = client.read_reply();
    ASSERT_TRUE(reply) << i;
    const auto expected = i % 3 == 0 ? "hopped" : "path=/n" + std::to_string(i) + " query=";
    ASSERT_EQ(reply->body, expected);
  }
}

TEST(Server, understands_a_request_cut_at_any_byte) {
  TestServer server;
  const std::string request =
      "\r\nPUT /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
      "3\r\nabc\r\n4;x=y\r\ndefg\r\n0\r\nt: v\r\n\r\n";
  auto client = server.client();
  for (std::size_t cut = 1; cut < request.size(); ++cut) {
    client.send(request.substr(0, cut));
    // A round trip on a second connection lets the server see the first piece alone.
    auto other = server.client();
    other.send(get("/"));
    ASSERT_TRUE(other.read_reply());
    client.send(request.substr(cut));
    const auto reply = client.read_reply();
    ASSERT_TRUE(reply) << cut;
    ASSERT_EQ(reply->body, "abcdefg") << cut;
  }
}

TEST(Server, reads_bodies_with_a_length_and_pipelines_after_them) {
  TestServer server;
  auto client = server.client();
  const std::string body = test_bytes(200'000);
  client.send("PUT /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 200000\r\n\r\n" + body +
              get("/next"));
  auto reply = client.read_reply();
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->body, body);
  reply = client.read_reply();
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->body, "path=/next query=");
}

TEST(Server, pipelines_after_a_chunked_body) {
  TestServer server;
  auto client = server.client();
  std::string chunks;
  for (int i = 0; i < 3000; ++i) chunks += "40\r\n" + test_bytes(64) + "\r\n";
  client.send("PUT /count HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks +
              "0\r\n\r\n" + get("/next"));
  EXPECT_EQ(client.read_reply()->body, "192000");
  EXPECT_EQ(client.read_reply()->body, "path=/next query=");
}

TEST(Server, sends_no_body_for_head_204_and_304) {
  TestServer server;
  auto client = server.client();
  client.send("HEAD /shared/70000 HTTP/1.1\r\nHost: a\r\n\r\n" + get("/304") + get("/204") +
              get("/x"));
  auto reply = client.read_reply(/*head_only=*/true);
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->header("content-length"), "70000");
  reply = client.read_reply();
  EXPECT_THAT(reply->head, StartsWith("HTTP/1.1 304 Not Modified\r\n"));
  EXPECT_EQ(reply->header("content-length"), "");
  EXPECT_EQ(reply->header("etag"), "\"e\"");
  reply = client.read_reply();
  EXPECT_THAT(reply->head, StartsWith("HTTP/1.1 204 No Content\r\n"));
  EXPECT_EQ(reply->header("content-length"), "");
  EXPECT_EQ(client.read_reply()->body, "path=/x query=");
}

TEST(Server, sends_large_bodies_from_memory_and_files_whole) {
  TestServer server;
  auto client = server.client();
  client.send(get("/shared/20000000") + get("/blob") + get("/range") + get("/end"));
  EXPECT_TRUE(client.read_reply()->body == test_bytes(20'000'000));
  EXPECT_TRUE(client.read_reply()->body == test_bytes(5'000'000));
  EXPECT_TRUE(client.read_reply()->body == test_bytes(5'000'000).substr(1000, 300'000));
  EXPECT_EQ(client.read_reply()->body, "path=/end query=");
}

TEST(Server, sends_ready_bodies_again_and_again) {
  TestServer server;
  auto client = server.client();
  for (int i = 0; i < 3 * static_cast<int>(HotBodies::kUses); ++i) {
    client.send(get("/ready/5000") + get("/ready/60000") + get("/ready/300000") +
                get("/ready/2000000"));
    for (const std::size_t size : {5'000u, 60'000u, 300'000u, 2'000'000u})
      ASSERT_TRUE(client.read_reply()->body == test_bytes(size)) << size << ", time " << i;
    client.send("HEAD /ready/60000 HTTP/1.1\r\nHost: a\r\n\r\n");
    ASSERT_EQ(client.read_reply(/*head_only=*/true)->header("content-length"), "60000");
  }
}

TEST(Server, cuts_the_connection_where_a_file_is_shorter_than_promised) {
  TestServer server;
  auto client = server.client();
  client.send(get("/missing-blob"));
  EXPECT_EQ(client.read_reply()->status, 404);
  client.send(get("/short-blob"));
  const auto reply = client.read_all();
  EXPECT_THAT(reply, HasSubstr("content-length: 100\r\n"));
  EXPECT_EQ(reply.size() - reply.find("\r\n\r\n") - 4, 10u);
  EXPECT_FALSE(server.observer.wait_for(2)[1].complete);
}

TEST(Server, asks_for_the_body_only_when_the_handler_wants_it) {
  TestServer server;
  auto client = server.client();
  client.send("PUT /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.read_reply()->status, 100);
  client.send("abc");
  EXPECT_EQ(client.read_reply()->body, "abc");
  client.send(
      "PUT /early HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
  const auto reply = client.read_reply();
  EXPECT_EQ(reply->status, 401);
  EXPECT_EQ(reply->header("connection"), "close");
  EXPECT_TRUE(client.closed_by_server());
}

TEST(Server, an_early_answer_reaches_a_client_that_is_still_sending) {
  TestServer server;
  auto client = server.client();
  client.send("PUT /early HTTP/1.1\r\nHost: a\r\nContent-Length: 20000000\r\n\r\n");
  client.send(test_bytes(3'000'000));
  const auto reply = client.read_reply();
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->status, 401);
  EXPECT_EQ(reply->header("connection"), "close");
  EXPECT_EQ(reply->header("kontor-error-code"), "unauthenticated");
  EXPECT_THAT(reply->body, StartsWith(R"({"error":"You must be logged in)"));
}

TEST(Server, a_small_rest_of_a_body_is_read_and_the_connection_stays) {
  TestServer server;
  auto client = server.client();
  client.send("PUT /early HTTP/1.1\r\nHost: a\r\nContent-Length: 60000\r\n\r\n" +
              test_bytes(60'000) + get("/next"));
  const auto reply = client.read_reply();
  EXPECT_EQ(reply->status, 401);
  EXPECT_EQ(reply->header("connection"), "");
  EXPECT_EQ(client.read_reply()->body, "path=/next query=");
}

TEST(Server, serves_http_1_0_without_keeping_the_connection) {
  TestServer server;
  auto client = server.client();
  client.send("GET /where HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  const auto all = client.read_all();
  EXPECT_THAT(all, HasSubstr("connection: close\r\n"));
  EXPECT_THAT(all, HasSubstr("127.0.0.1 http://127.0.0.1:" + std::to_string(server.port())));
}

TEST(Server, closes_when_the_client_asks) {
  TestServer server;
  auto client = server.client();
  client.send(get("/", "Connection: close\r\n"));
  EXPECT_EQ(client.read_reply()->header("connection"), "close");
  EXPECT_TRUE(client.closed_by_server());
}

TEST(Server, answers_a_client_that_has_ended_its_side) {
  TestServer server;
  auto client = server.client();
  client.send(get("/hop") + get("/x"));
  client.end_sending();
  EXPECT_EQ(client.read_reply()->body, "hopped");
  EXPECT_EQ(client.read_reply()->body, "path=/x query=");
  EXPECT_TRUE(client.closed_by_server());
}

TEST(Server, never_sends_a_header_that_could_split_the_answer) {
  TestServer server;
  auto client = server.client();
  client.send(get("/injected") + get("/framing"));
  auto reply = client.read_reply();
  EXPECT_EQ(reply->status, 500);
  EXPECT_EQ(reply->header("set-cookie"), "");
  EXPECT_EQ(reply->header("kontor-error-code"), "internal");
  reply = client.read_reply();
  EXPECT_EQ(reply->body, "abc");
  EXPECT_EQ(reply->header("connection"), "");
}

TEST(Server, tells_the_observer_what_was_answered) {
  TestServer server;
  auto client = server.client();
  client.send(get("/secret/npm_abc", "X-User: ada\r\n") +
              "PUT /count?t=secret HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc" +
              "BAD\r\n\r\n");
  client.read_all();
  const auto records = server.observer.wait_for(3);
  ASSERT_EQ(records.size(), 3u);
  EXPECT_EQ(records[0].target, "/secret/:token");
  EXPECT_EQ(records[0].principal, "ada");
  EXPECT_EQ(records[0].family, "test");
  EXPECT_EQ(records[0].address, "127.0.0.1");
  EXPECT_EQ(records[0].protocol, "http/1.1");
  EXPECT_EQ(records[0].id.size(), 16u);
  EXPECT_EQ(records[1].method, "PUT");
  EXPECT_EQ(records[1].target, "/count");
  EXPECT_EQ(records[1].bytes_in, 3u);
  EXPECT_GT(records[1].bytes_out, 100u);
  EXPECT_TRUE(records[1].complete);
  EXPECT_EQ(records[2].status, 400);
  EXPECT_EQ(records[2].error, "bad_request");
  EXPECT_NE(records[0].id, records[1].id);
}

TEST(Server, tells_once_of_a_request_that_ends_its_connection) {
  TestServer server;
  auto client = server.client();
  client.send(get("/end", "Connection: close\r\n"));
  client.read_all();
  EXPECT_EQ(server.observer.wait_for(1).size(), 1u);
}

TEST(Server, believes_a_trusted_proxy_about_address_url_and_id) {
  ServerSettings settings;
  settings.proxies.trusted = {*Cidr::parse("127.0.0.0/8")};
  TestServer server(settings);
  auto client = server.client();
  client.send(get("/where",
                  "X-Forwarded-For: 198.51.100.7\r\nX-Forwarded-Proto: https\r\n"
                  "X-Request-Id: abcd-1234\r\n"));
  const auto reply = client.read_reply();
  EXPECT_EQ(reply->body, "198.51.100.7 https://a.test abcd-1234");
  EXPECT_EQ(reply->header("x-request-id"), "abcd-1234");
  client.send(get("/where", "X-Request-Id: short\r\n"));
  EXPECT_EQ(client.read_reply()->header("x-request-id").size(), 16u);
  server.server->apply({});
  client.send(get("/where", "X-Forwarded-For: 198.51.100.7\r\nX-Request-Id: abcd-1234\r\n"));
  EXPECT_THAT(client.read_reply()->body, StartsWith("127.0.0.1 http://a.test "));
}

}  // namespace
}  // namespace kontor::net
