// HTTP/2 over TLS: what good clients need, and what bad ones may not do.
#include "adapters/asio/http2_test_support.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

namespace kontor::net {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class ServerHttp2 : public ::testing::Test {
 protected:
  void start(ServerSettings settings = {}) {
    server = std::make_unique<TestServer>(std::move(settings), 1, make_certificate("a.test"));
  }
  H2Client client() { return H2Client(server->port()); }
  ScriptedHandler& handler() { return server->handlers[0]; }
  bool entered(int count) {
    return TestServer::eventually([&] { return handler().gate.entered == count; });
  }
  void open_gate() {
    server->loops[0].call([&] { handler().gate.open(); });
  }
  std::unique_ptr<TestServer> server;
};

TEST_F(ServerHttp2, answers_requests_on_one_connection) {
  start();
  auto c = client();
  c.request(1, "GET", "/a?b=c");
  c.request(3, "GET", "/hop");
  c.request(5, "GET", "/where");
  auto reply = c.finish(1);
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.body, "path=/a query=b=c");
  EXPECT_EQ(reply.headers["content-length"], "17");
  EXPECT_EQ(reply.headers["x-request-id"].size(), 16u);
  EXPECT_TRUE(parse_http_date(reply.headers["date"]));
  EXPECT_EQ(c.finish(3).body, "hopped");
  EXPECT_THAT(c.finish(5).body, StartsWith("127.0.0.1 https://a.test "));
  const auto records = server->observer.wait_for(3);
  ASSERT_EQ(records.size(), 3u);
  EXPECT_EQ(records[0].protocol, "h2");
  EXPECT_TRUE(records[0].complete);
}

TEST_F(ServerHttp2, a_waiting_stream_does_not_hold_up_others) {
  start();
  auto c = client();
  c.request(1, "GET", "/gate");
  for (std::uint32_t id = 3; id < 103; id += 2) c.request(id, "GET", "/n");
  for (std::uint32_t id = 3; id < 103; id += 2) EXPECT_EQ(c.finish(id).status, 200) << id;
  open_gate();
  EXPECT_EQ(c.finish(1).body, "opened");
}

TEST_F(ServerHttp2, sends_no_body_for_head_204_and_304) {
  start();
  auto c = client();
  c.request(1, "HEAD", "/shared/70000");
  c.request(3, "GET", "/304");
  c.request(5, "GET", "/204");
  auto reply = c.finish(1);
  EXPECT_EQ(reply.headers["content-length"], "70000");
  EXPECT_EQ(reply.body, "");
  reply = c.finish(3);
  EXPECT_EQ(reply.status, 304);
  EXPECT_EQ(reply.headers.count("content-length"), 0u);
  EXPECT_EQ(c.finish(5).status, 204);
}

TEST_F(ServerHttp2, sends_bodies_from_memory_and_files_whole) {
  start();
  auto c = client();
  c.request(1, "GET", "/shared/3000000");
  c.request(3, "GET", "/blob");
  c.request(5, "GET", "/range");
  c.request(7, "GET", "/missing-blob");
  c.request(9, "GET", "/short-blob");
  EXPECT_TRUE(c.finish(1).body == test_bytes(3'000'000));
  EXPECT_TRUE(c.finish(3).body == test_bytes(5'000'000));
  EXPECT_TRUE(c.finish(5).body == test_bytes(5'000'000).substr(1000, 300'000));
  EXPECT_EQ(c.finish(7).status, 404);
  EXPECT_EQ(c.finish(9).reset, NGHTTP2_INTERNAL_ERROR);
}

TEST_F(ServerHttp2, reads_bodies_and_lets_the_client_go_on_as_the_handler_reads) {
  start();
  auto c = client();
  c.request(1, "PUT", "/slow", {{"content-length", "1000000"}}, /*ends=*/false);
  ASSERT_TRUE(entered(1));
  while (c.granted[0] == 0) ASSERT_TRUE(c.read_frame());
  constexpr std::size_t kWindow = 256 * 1024;  // of a stream, as SETTINGS says
  const auto body = test_bytes(1'000'000);
  c.data(1, std::string_view(body).substr(0, kWindow), false);
  c.send_frame(NGHTTP2_PING, 0, 0, "12345678");
  while (c.read_frame()->type != NGHTTP2_PING) continue;
  EXPECT_EQ(c.granted[1], 0u) << "nothing was read, so nothing may follow";
  std::atomic<bool> done = false;
  std::thread reader([&] {
    while (!done) {
      open_gate();
      std::this_thread::yield();
    }
  });
  for (std::size_t sent = kWindow; sent < body.size() && c.read_frame();) {
    const auto usable = std::min(kWindow + c.granted[1], 65'535 + c.granted[0]) - sent;
    const auto piece = std::min<std::size_t>(usable, body.size() - sent);
    sent += piece;
    if (piece > 0)
      c.data(1, std::string_view(body).substr(sent - piece, piece), sent == body.size());
  }
  EXPECT_EQ(c.finish(1).body, "1000000");
  done = true;
  reader.join();
}

TEST_F(ServerHttp2, an_early_answer_stops_the_upload_of_that_stream_only) {
  ServerSettings settings;
  settings.limits.linger_timeout = {100};
  start(settings);
  auto c = client();
  c.request(1, "PUT", "/early", {}, /*ends=*/false);
  const auto reply = c.finish(1);
  EXPECT_EQ(reply.status, 401);
  EXPECT_LT(reply.reset, 0) << "the client must have time to read the answer";
  while (c.finish(1).reset < 0) ASSERT_TRUE(c.read_frame());
  EXPECT_EQ(c.finish(1).reset, NGHTTP2_NO_ERROR);
  c.data(1, test_bytes(10'000), true);  // was on its way
  c.request(3, "GET", "/n");
  EXPECT_EQ(c.finish(3).status, 200);
  const auto records = server->observer.wait_for(2);
  ASSERT_EQ(records.size(), 2u);
  EXPECT_TRUE(records[0].complete);
}

TEST_F(ServerHttp2, an_upload_that_ends_after_its_early_answer_is_not_reset) {
  start();
  auto c = client();
  c.request(1, "PUT", "/early", {}, /*ends=*/false);
  EXPECT_EQ(c.finish(1).status, 401);
  c.data(1, test_bytes(10'000), true);
  c.request(3, "GET", "/n");
  EXPECT_EQ(c.finish(3).status, 200);
  EXPECT_LT(c.finish(1).reset, 0);
  EXPECT_EQ(server->observer.wait_for(2).size(), 2u);
}

TEST_F(ServerHttp2, a_cancelled_stream_fails_its_body_but_not_its_handler) {
  start();
  auto c = client();
  c.request(1, "PUT", "/count", {}, /*ends=*/false);
  c.data(1, "abc", false);
  ASSERT_TRUE(TestServer::eventually([&] { return handler().consumed == 3; }));
  c.reset(1);
  ASSERT_TRUE(TestServer::eventually([&] { return handler().failed_bodies == 1; }));
  c.request(3, "GET", "/gate");
  ASSERT_TRUE(entered(1));
  c.reset(3);
  c.request(5, "GET", "/n");
  EXPECT_EQ(c.finish(5).status, 200);
  open_gate();
  const auto records = server->observer.wait_for(3);
  ASSERT_EQ(records.size(), 3u);
  EXPECT_FALSE(records[2].complete);
  EXPECT_EQ(records[2].status, 200);
}

TEST_F(ServerHttp2, handlers_outlive_a_lost_connection) {
  start();
  {
    auto c = client();
    c.request(1, "GET", "/gate");
    c.request(3, "PUT", "/count", {}, /*ends=*/false);
    ASSERT_TRUE(entered(1));
    c.tls.raw().reset();
  }
  ASSERT_TRUE(TestServer::eventually([&] { return handler().failed_bodies == 1; }));
  EXPECT_EQ(server->server->open_connections(), 1u);
  open_gate();
  EXPECT_TRUE(TestServer::eventually([&] { return server->server->open_connections() == 0; }));
  EXPECT_EQ(server->observer.wait_for(2).size(), 2u);
}

TEST_F(ServerHttp2, malformed_requests_are_refused_and_never_handled) {
  start();
  auto c = client();
  c.request(1, "GET", "/a#b");
  EXPECT_EQ(c.finish(1).status, 400);
  c.request(3, "GET", "nopath");
  EXPECT_NE(c.finish(3).reset, -1);
  c.request(5, "GET", "/", {{"transfer-encoding", "chunked"}});
  EXPECT_EQ(c.finish(5).reset, NGHTTP2_PROTOCOL_ERROR);
  c.request(7, "GET", "/", {{"X-Upper", "a"}});
  EXPECT_EQ(c.finish(7).reset, NGHTTP2_PROTOCOL_ERROR);
  c.request(9, "GET", "/", {{"x", "a\r\nb"}});
  EXPECT_NE(c.finish(9).reset, -1);
  c.request(11, "PUT", "/echo", {{"content-length", "2"}}, false);
  c.data(11, "abc", true);
  EXPECT_EQ(c.finish(11).reset, NGHTTP2_PROTOCOL_ERROR);
  EXPECT_LE(handler().calls, 1) << "only the last may have begun";
}

TEST_F(ServerHttp2, oversized_heads_and_bodies_get_their_own_statuses) {
  ServerSettings settings;
  settings.limits.body_bytes = 1000;
  start(settings);
  auto c = client();
  c.request(1, "GET", "/" + std::string(9'000, 'a'));
  EXPECT_EQ(c.finish(1).status, 414);
  HeaderList many;
  for (int i = 0; i < 101; ++i) many.push_back({"x" + std::to_string(i), "y"});
  c.request(3, "GET", "/", many);
  auto reply = c.finish(3);
  EXPECT_EQ(reply.status, 431);
  EXPECT_EQ(reply.headers["kontor-error-code"], "headers_too_large");
  c.request(5, "PUT", "/echo", {{"content-length", "1001"}}, false);
  EXPECT_EQ(c.finish(5).status, 413);
  c.request(7, "PUT", "/echo", {}, false);
  c.data(7, test_bytes(1001), true);
  EXPECT_EQ(c.finish(7).status, 413);
  c.request(9, "GET", "/n");
  EXPECT_EQ(c.finish(9).status, 200);
}

TEST_F(ServerHttp2, endless_continuations_end_the_connection) {
  start();
  auto c = client();
  c.send_frame(NGHTTP2_HEADERS, 0, 1, H2Client::encode({{":method", "GET"}}));
  for (int i = 0; i < 50; ++i)
    c.send_frame(NGHTTP2_CONTINUATION, 0, 1, H2Client::encode({{"x", "y"}}));
  EXPECT_GT(c.read_goaway(), 0);
  EXPECT_EQ(handler().calls, 0);
}

TEST_F(ServerHttp2, a_client_that_keeps_cancelling_is_sent_away) {
  ServerSettings settings;
  settings.limits.resets_per_10s = 50;
  start(settings);
  auto c = client();
  for (std::uint32_t id = 1; id < 2001; id += 2) {
    c.request(id, "GET", "/gate");
    c.reset(id);
  }
  EXPECT_EQ(c.read_goaway(), NGHTTP2_ENHANCE_YOUR_CALM);
  EXPECT_LE(handler().calls, 60);
  open_gate();
}

TEST_F(ServerHttp2, streams_are_limited_and_so_are_handlers_of_cancelled_ones) {
  ServerSettings settings;
  settings.limits.streams_per_connection = 10;
  start(settings);
  const auto settle = [](H2Client& c) {  // both sides know the settings
    while (c.read_frame()->type != NGHTTP2_SETTINGS) continue;
    c.send_frame(NGHTTP2_PING, 0, 0, "12345678");
    while (c.read_frame()->type != NGHTTP2_PING) continue;
  };
  auto c = client();
  settle(c);
  for (std::uint32_t id = 1; id <= 19; id += 2) c.request(id, "GET", "/gate");
  ASSERT_TRUE(entered(10));
  for (std::uint32_t id = 1; id <= 19; id += 2) c.reset(id);
  for (std::uint32_t id = 21; id <= 39; id += 2) c.request(id, "GET", "/gate");
  ASSERT_TRUE(entered(20));
  for (std::uint32_t id = 21; id <= 39; id += 2) c.reset(id);
  c.request(41, "GET", "/n");
  EXPECT_EQ(c.finish(41).reset, NGHTTP2_REFUSED_STREAM);
  open_gate();
  c.request(43, "GET", "/n");
  EXPECT_EQ(c.finish(43).status, 200);
}

TEST_F(ServerHttp2, a_client_that_opens_too_many_streams_is_sent_away) {
  ServerSettings settings;
  settings.limits.streams_per_connection = 10;
  start(settings);
  auto c = client();
  while (c.read_frame()->type != NGHTTP2_SETTINGS) continue;
  for (std::uint32_t id = 1; id <= 21; id += 2) c.request(id, "GET", "/gate");
  EXPECT_EQ(c.read_goaway(), NGHTTP2_PROTOCOL_ERROR);
  EXPECT_LE(handler().gate.entered, 10);
  open_gate();
}

TEST_F(ServerHttp2, slow_clients_are_timed_out) {
  ServerSettings settings;
  settings.limits.header_timeout = settings.limits.body_timeout =
      settings.limits.idle_timeout = {300};
  settings.limits.write_timeout = {300};
  start(settings);
  auto silent = client();
  auto header = client();
  header.send_frame(NGHTTP2_HEADERS, 0, 1, H2Client::encode({{":method", "GET"}}));
  auto body = client();
  body.request(1, "PUT", "/echo", {}, false);
  EXPECT_EQ(body.finish(1).status, 408);
  auto stalled = client();
  stalled.opens_windows = false;
  stalled.request(1, "GET", "/shared/1000000");
  EXPECT_EQ(stalled.finish(1).reset, NGHTTP2_CANCEL);
  auto idle = client();
  idle.request(1, "GET", "/n");
  EXPECT_EQ(idle.finish(1).status, 200);
  EXPECT_EQ(idle.read_goaway(), NGHTTP2_NO_ERROR);
  EXPECT_EQ(silent.read_goaway(), -1);
  EXPECT_EQ(header.read_goaway(), -1);
}

TEST_F(ServerHttp2, draining_says_goaway_and_finishes_what_is_under_way) {
  start();
  auto idle = client();
  idle.request(1, "GET", "/n");
  EXPECT_EQ(idle.finish(1).status, 200);
  auto busy = client();
  busy.request(1, "GET", "/gate");
  ASSERT_TRUE(entered(1));
  std::thread opener([&] {
    EXPECT_EQ(idle.read_goaway(), NGHTTP2_NO_ERROR);
    idle.tls.raw().reset();
    open_gate();
    EXPECT_EQ(busy.finish(1).body, "opened");
    busy.tls.raw().reset();
  });
  EXPECT_TRUE(server->server->drain(seconds(10)));
  opener.join();
}

// Real clients, where they are installed.
std::string output_of(const std::string& command) {
  std::string out;
  FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
  char piece[4096];
  while (const auto n = std::fread(piece, 1, sizeof piece, pipe)) out.append(piece, n);
  ::pclose(pipe);
  return out;
}

TEST_F(ServerHttp2, real_clients_are_served) {
  start();
  const auto url = "https://127.0.0.1:" + std::to_string(server->port());
  if (output_of("command -v curl").empty() || output_of("command -v h2load").empty())
    GTEST_SKIP() << "needs curl and h2load";
  EXPECT_EQ(
      output_of(
          "curl -sk --http2 -o /dev/null -w '%{http_version} %{http_code} %{size_download}' " +
          url + "/blob"),
      "2 200 5000000");
  EXPECT_EQ(output_of("head -c 3000000 /dev/zero | curl -sk --http2 -T - " + url + "/count"),
            "3000000");
  EXPECT_THAT(output_of("h2load -n 2000 -c 8 -m 20 " + url + "/shared/5000"),
              HasSubstr("2000 succeeded, 0 failed, 0 errored, 0 timeout"));
}

}  // namespace
}  // namespace kontor::net
