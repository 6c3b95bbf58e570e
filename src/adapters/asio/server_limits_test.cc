// What clients may not do: limits, timeouts, smuggling, aborted bodies, connection caps, draining.
#include "adapters/asio/server_test_support.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <malloc.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <thread>

namespace kontor::net {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

ServerSettings impatient() {
  ServerSettings s;
  s.limits.header_timeout = s.limits.body_timeout = s.limits.idle_timeout = {300};
  s.limits.write_timeout = s.limits.linger_timeout = s.limits.handshake_timeout = {300};
  return s;
}

// Sends `bytes` on a connection of its own and expects one answer with that status and the end.
void expect_refused(TestServer& server, const std::string& bytes, int status,
                    std::string_view code) {
  auto client = server.client();
  client.send(bytes);
  const auto reply = client.read_reply();
  ASSERT_TRUE(reply) << bytes.substr(0, 200);
  EXPECT_EQ(reply->status, status) << bytes.substr(0, 200);
  EXPECT_EQ(reply->header("connection"), "close");
  EXPECT_EQ(reply->header("kontor-error-code"), code);
  EXPECT_EQ(reply->header("cache-control"), "no-store");
  EXPECT_EQ(reply->header("x-content-type-options"), "nosniff");
  EXPECT_THAT(reply->body, StartsWith(R"({"error":")"));
  EXPECT_THAT(reply->body, HasSubstr(R"(","message":")"));
  EXPECT_TRUE(client.closed_by_server());
}

TEST(ServerLimits, ambiguous_requests_are_refused_and_never_handled) {
  TestServer server;
  const std::string start = "POST /echo HTTP/1.1\r\nHost: a\r\n";
  const std::string smuggled = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";
  const std::string table[] = {
      start + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + smuggled,
      start + "Content-Length: 0\r\nContent-Length: 35\r\n\r\n" + smuggled,
      start + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + smuggled,
      start + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + smuggled,
      start + "X: a\r\n Transfer-Encoding: chunked\r\n\r\n" + smuggled,
      start + "X: a\nContent-Length: 35\r\n\r\n" + smuggled,
      start + "Host: b\r\n\r\n" + smuggled,
      "GET / HTTP/1.1\r\n\r\n" + smuggled,
      "GET / HTTP/1.1\r\nHost: a b\r\n\r\n" + smuggled,
      "GET / HTTP/1.1\r\nHost: a/../b\r\n\r\n" + smuggled,
      "\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n" + smuggled,
      "nonsense\r\n\r\n" + smuggled,
      std::string("\x16\x03\x01\x02\x00\x01\x00\x01", 8),
  };
  for (const auto& bytes : table) expect_refused(server, bytes, 400, "bad_request");
  for (const auto& handler : server.handlers) EXPECT_EQ(handler.calls, 0);
}

TEST(ServerLimits, broken_chunks_fail_the_body_and_end_the_connection) {
  TestServer server;
  const std::string start = "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (const std::string chunks :
       {"x\r\n", "1\nab\r\n", "-1\r\n", "1\r\nab\r\n", "0x1\r\na\r\n", "1 \r\na\r\n"})
    expect_refused(server, start + chunks + "0\r\n\r\n", 400, "bad_request");
  EXPECT_EQ(server.handlers[0].failed_bodies, 6);
}

TEST(ServerLimits, oversized_heads_and_bodies_get_their_own_statuses) {
  ServerSettings settings;
  settings.limits.body_bytes = 1000;
  TestServer server(settings);
  const std::string host = " HTTP/1.1\r\nHost: a\r\n";
  expect_refused(server, "GET /" + std::string(20'000, 'a') + host + "\r\n", 414, "uri_too_long");
  expect_refused(server, "GET /" + host + "X: " + std::string(64 * 1024, 'x') + "\r\n\r\n", 431,
                 "headers_too_large");
  std::string many;
  for (int i = 0; i < 101; ++i) many += "x: y\r\n";
  expect_refused(server, "GET /" + host + many + "\r\n", 431, "headers_too_large");
  expect_refused(server, "PUT /echo" + host + "Content-Length: 1001\r\n\r\n", 413, "too_large");
  expect_refused(server,
                 "PUT /echo" + host + "Transfer-Encoding: chunked\r\n\r\n3e9\r\n" +
                     std::string(1001, 'x') + "\r\n0\r\n\r\n",
                 413, "too_large");
  auto client = server.client();
  client.send("PUT /echo" + host + "Content-Length: 1001\r\n\r\n");
  EXPECT_THAT(client.read_reply()->body, HasSubstr("A request may carry at most 1000 bytes here."));
  expect_refused(server, "FROB /" + host + "\r\n", 501, "not_implemented");
}

TEST(ServerLimits, a_head_of_up_to_64_kib_is_read_where_the_limit_allows) {
  ServerSettings settings;
  settings.limits.head.header_bytes = 1 << 20;
  TestServer server(settings);
  auto client = server.client();
  client.send(get("/headers", "X: " + std::string(60'000, 'x') + "\r\n") + get("/n"));
  EXPECT_EQ(client.read_reply()->body, "Host=a.test;X=" + std::string(60'000, 'x') + ";");
  EXPECT_EQ(client.read_reply()->body, "path=/n query=");
  expect_refused(server, get("/headers", "X: " + std::string(66'000, 'x') + "\r\n"), 431,
                 "headers_too_large");
}

TEST(ServerLimits, a_slow_head_is_answered_408_however_steadily_it_drips) {
  TestServer server(impatient());
  auto client = server.client();
  client.send("G");
  const std::string rest = "ET / HTTP/1.1\r\nHost: a\r\nX: ";
  std::atomic<bool> stop = false;
  std::thread drip([&] {
    for (std::size_t i = 0; !stop; ++i) {
      if (!client.send(std::string(1, i < rest.size() ? rest[i] : 'x'))) return;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  });
  const auto reply = client.read_reply();
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->status, 408);
  EXPECT_EQ(reply->header("retry-after"), "5");
  EXPECT_TRUE(client.closed_by_server());
  stop = true;
  drip.join();
}

TEST(ServerLimits, silent_connections_are_closed_without_an_answer) {
  TestServer server(impatient());
  auto fresh = server.client();
  auto used = server.client();
  used.send(get("/"));
  EXPECT_EQ(used.read_reply()->status, 200);
  EXPECT_EQ(fresh.read_all(), "");
  EXPECT_EQ(used.read_all(), "");
  EXPECT_TRUE(TestServer::eventually([&] { return server.server->open_connections() == 0; }));
}

TEST(ServerLimits, a_body_that_stops_is_answered_408) {
  TestServer server(impatient());
  expect_refused(server, "PUT /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc", 408,
                 "request_timeout");
  EXPECT_EQ(server.handlers[0].last_error(), "request_timeout");
}

TEST(ServerLimits, a_body_that_drips_is_answered_408) {
  ServerSettings settings = impatient();
  settings.limits.body_bytes_per_second = 1'000'000;
  TestServer server(settings);
  auto client = server.client();
  client.send("PUT /count HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n");
  std::atomic<bool> stop = false;
  std::thread drip([&] {
    while (!stop && client.send("x")) std::this_thread::sleep_for(std::chrono::milliseconds(2));
  });
  EXPECT_EQ(client.read_reply()->status, 408);
  stop = true;
  drip.join();
}

TEST(ServerLimits, a_client_that_stops_reading_is_cut_off) {
  TestServer server(impatient());
  RawClient client(server.port(), 4096);
  client.send(get("/shared/50000000"));
  const auto records = server.observer.wait_for(1);
  ASSERT_EQ(records.size(), 1u);
  EXPECT_FALSE(records[0].complete);
  EXPECT_LT(records[0].bytes_out, 50'000'000u);
  EXPECT_TRUE(TestServer::eventually([&] { return server.server->open_connections() == 0; }));
}

TEST(ServerLimits, an_aborted_body_fails_the_handler_and_nothing_hangs) {
  TestServer server;
  for (const bool reset : {false, true}) {
    auto client = server.client();
    client.send("PUT /count HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n" +
                test_bytes(5000));
    ASSERT_TRUE(TestServer::eventually([&] { return server.handlers[0].consumed == 5000; }));
    server.handlers[0].consumed = 0;
    if (reset) {
      client.reset();
    } else {
      client.end_sending();
      EXPECT_EQ(client.read_reply()->status, 400);
    }
    ASSERT_TRUE(TestServer::eventually([&] { return server.server->open_connections() == 0; }));
  }
  EXPECT_TRUE(TestServer::eventually([&] { return server.handlers[0].failed_bodies == 2; }));
  EXPECT_EQ(server.handlers[0].last_error(), "bad_request");
}

TEST(ServerLimits, a_handler_outlives_its_client) {
  TestServer server;
  auto client = server.client();
  client.send(get("/gate"));
  ASSERT_TRUE(TestServer::eventually([&] { return server.handlers[0].gate.entered == 1; }));
  client.reset();
  server.loops[0].post([&] { server.handlers[0].gate.open(); });
  const auto records = server.observer.wait_for(1);
  ASSERT_EQ(records.size(), 1u);
  EXPECT_EQ(records[0].status, 200);
  EXPECT_FALSE(records[0].complete);
}

TEST(ServerLimits, a_body_is_not_read_ahead_of_its_handler) {
  TestServer server;
  auto client = server.client();
  client.send("PUT /slow HTTP/1.1\r\nHost: a\r\nContent-Length: 50000000\r\n\r\n");
  ASSERT_TRUE(TestServer::eventually([&] { return server.handlers[0].gate.entered == 1; }));
  // The kernel's buffers take some megabytes; the rest must wait with the client.
  timeval soon{.tv_sec = 0, .tv_usec = 200'000};
  ::setsockopt(client.fd(), SOL_SOCKET, SO_SNDTIMEO, &soon, sizeof soon);
  EXPECT_FALSE(client.send(test_bytes(50'000'000)));
  EXPECT_EQ(server.handlers[0].consumed, 0u);
}

TEST(ServerLimits, connections_are_capped_in_all_and_per_address) {
  ServerSettings settings;
  settings.limits.connections_per_address = 3;
  TestServer server(settings);
  std::vector<RawClient> clients;
  for (int i = 0; i < 3; ++i) {
    clients.push_back(server.client());
    clients.back().send(get("/"));
    EXPECT_EQ(clients.back().read_reply()->status, 200);
  }
  expect_refused(server, "", 503, "too_many_connections");
  settings.limits.connections_per_address = 100;
  settings.limits.connections = 3;
  server.server->apply(settings);
  expect_refused(server, "", 503, "too_many_connections");
  clients.pop_back();
  ASSERT_TRUE(TestServer::eventually([&] { return server.server->open_connections() == 2; }));
  auto client = server.client();
  client.send(get("/"));
  EXPECT_EQ(client.read_reply()->status, 200);
}

TEST(ServerLimits, draining_finishes_what_is_under_way_and_closes_the_rest) {
  TestServer server({}, 2);
  auto idle = server.client();
  idle.send(get("/"));
  ASSERT_TRUE(idle.read_reply());
  auto busy = server.client();
  busy.send(get("/gate"));
  const auto entered = [&] {
    return server.handlers[0].gate.entered + server.handlers[1].gate.entered == 1;
  };
  ASSERT_TRUE(TestServer::eventually(entered));
  EXPECT_TRUE(server.server->drain(seconds(10), [&] { return server.open_gates(); }));
  EXPECT_TRUE(idle.closed_by_server());
  const auto reply = busy.read_reply();
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->body, "opened");
  EXPECT_EQ(reply->header("connection"), "close");
  EXPECT_TRUE(busy.closed_by_server());
}

TEST(ServerLimits, draining_cuts_what_outlives_the_deadline) {
  TestServer server;
  auto client = server.client();
  client.send(get("/gate"));
  ASSERT_TRUE(TestServer::eventually([&] { return server.handlers[0].gate.entered == 1; }));
  EXPECT_FALSE(server.server->drain({50}));
  EXPECT_TRUE(client.closed_by_server());
  EXPECT_EQ(server.server->open_connections(), 0u);
}

TEST(ServerLimits, a_second_server_on_the_same_port_is_refused) {
  TestServer server;
  ServerOptions options;
  options.listen.port = server.port();
  AsioLoop loop;
  ScriptedHandler handler(loop);
  const auto second = Server::create(options, {{loop, handler, server.blobs, server.observer}});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Code::unavailable);
  EXPECT_THAT(second.error().detail, HasSubstr("in use"));
}

// While no descriptor is free, clients wait in the kernel; nobody is turned away or forgotten.
TEST(ServerLimits, running_out_of_descriptors_is_survived) {
  TestServer server;
  std::vector<OwnedFd> sockets;
  for (int i = 0; i < 5; ++i) sockets.emplace_back(::socket(AF_INET, SOCK_STREAM, 0));
  rlimit before{};
  ::getrlimit(RLIMIT_NOFILE, &before);
  rlimit none = before;
  none.rlim_cur = static_cast<rlim_t>(sockets.back().get()) + 1;
  ::setrlimit(RLIMIT_NOFILE, &none);
  const OwnedFd more(::socket(AF_INET, SOCK_STREAM, 0));
  sockaddr_in name{};
  name.sin_family = AF_INET;
  name.sin_port = htons(server.port());
  name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  for (const auto& s : sockets)
    EXPECT_EQ(::connect(s.get(), reinterpret_cast<sockaddr*>(&name), sizeof name), 0);
  server.loops[0].call([] {});  // the loop has met the shortage
  EXPECT_LT(server.server->open_connections(), 5u);
  EXPECT_FALSE(more);
  ::setrlimit(RLIMIT_NOFILE, &before);
  EXPECT_TRUE(TestServer::eventually([&] { return server.server->open_connections() == 5; }));
}

// Heap of one idle keep-alive connection, measured over many.
TEST(ServerLimits, an_idle_connection_costs_less_than_a_kilobyte) {
  constexpr int kConnections = 400;
  ServerSettings settings;
  settings.limits.connections_per_address = 1000;
  TestServer server(settings);
  std::vector<RawClient> clients;
  const auto connect = [&](int count) {
    for (int i = 0; i < count; ++i) {
      clients.push_back(server.client());
      clients.back().send(get("/shared/5000"));
      ASSERT_TRUE(clients.back().read_reply());
    }
  };
  connect(50);
  const auto before = ::mallinfo2().uordblks;
  if (before == 0) GTEST_SKIP() << "a sanitizer's heap does not tell its size";
  connect(kConnections);
  const auto used = ::mallinfo2().uordblks - before - kConnections * sizeof(RawClient);
  EXPECT_LT(used / kConnections, 1024u);
}

}  // namespace
}  // namespace kontor::net
