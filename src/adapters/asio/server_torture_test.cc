// Many clients at once that break off wherever they please. Nothing may leak, hang or crash, and
// well-behaved requests beside them are answered. The seed is fixed; what threads interleave is
// not.
#include "adapters/asio/http2_test_support.h"

#include <gtest/gtest.h>

#include <random>
#include <sys/socket.h>
#include <thread>

namespace kontor::net {
namespace {

using Random = std::mt19937;

std::size_t below(Random& random, std::size_t limit) {
  return random() % limit;
}

template <class List>
auto& any_of(Random& random, List& list) {
  return list[below(random, std::size(list))];
}

std::string chunked(std::size_t chunks) {
  std::string out = "PUT /count HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (std::size_t i = 0; i < chunks; ++i) out += "64\r\n" + test_bytes(100) + "\r\n";
  return out + "0\r\n\r\n";
}

// Some requests one after the other, cut anywhere, sometimes with a byte changed.
std::string script(Random& random) {
  static const std::string requests[] = {
      get("/a"),
      get("/hop"),
      get("/shared/300000"),
      get("/blob"),
      get("/range"),
      get("/304"),
      get("/missing-blob"),
      chunked(3),
      chunked(2000),
      "PUT /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
      "PUT /early HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n" + test_bytes(100'000),
      "PUT /count HTTP/1.1\r\nHost: a\r\nContent-Length: 400000\r\nExpect: 100-continue\r\n\r\n" +
          test_bytes(400'000),
      "HEAD /shared/300000 HTTP/1.1\r\nHost: a\r\n\r\n",
      "GET / HTTP/1.0\r\n\r\n"};
  std::string out;
  for (std::size_t i = below(random, 6); i < 6; ++i) out += any_of(random, requests);
  if (below(random, 2) == 0) out.resize(below(random, out.size()));
  if (!out.empty() && below(random, 4) == 0)
    out[below(random, out.size())] = static_cast<char>(below(random, 256));
  return out;
}

// Sends in pieces, reads now and then, and leaves in one of several ways.
template <class Send, class Read>
void misbehave(Random& random, const std::string& bytes, Send send, Read read) {
  for (std::size_t at = 0; at < bytes.size();) {
    const auto n = std::min(bytes.size() - at, 1 + below(random, 60'000));
    if (!send(bytes.substr(at, n))) return;
    at += n;
    if (below(random, 3) == 0) read();
  }
  for (std::size_t i = below(random, 4); i > 0; --i) read();
}

timeval milliseconds(int ms) {
  return {.tv_sec = 0, .tv_usec = ms * 1000};
}

void hurry(RawClient& client) {
  const auto limit = milliseconds(20);
  ::setsockopt(client.fd(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  ::setsockopt(client.fd(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
}

void torture_plain(std::uint16_t port, std::uint32_t seed, int rounds) {
  Random random(seed);
  for (int i = 0; i < rounds; ++i) {
    RawClient client(port, below(random, 2) == 0 ? 4096 : 0);
    hurry(client);
    misbehave(
        random, script(random), [&](const std::string& b) { return client.send(b); },
        [&] { client.read_some(); });
    if (below(random, 3) == 0) client.end_sending();
    if (below(random, 3) == 0) client.reset();
  }
}

void torture_tls(std::uint16_t port, std::uint32_t seed, int rounds) {
  Random random(seed);
  for (int i = 0; i < rounds; ++i) {
    TlsClient client(port, "http/1.1");
    if (!client.connected()) continue;
    hurry(client.raw());
    misbehave(
        random, script(random), [&](const std::string& b) { return client.send(b); },
        [&] { client.read_some(); });
    if (below(random, 3) == 0) client.raw().send(test_bytes(below(random, 200) + 1));
    if (below(random, 2) == 0) client.raw().reset();
  }
}

void torture_http2(std::uint16_t port, std::uint32_t seed, int rounds) {
  static const std::string paths[] = {"/a", "/hop", "/shared/300000", "/blob", "/count", "/early"};
  Random random(seed);
  for (int i = 0; i < rounds; ++i) {
    H2Client client(port);
    if (!client.tls.connected()) continue;
    hurry(client.tls.raw());
    std::uint32_t id = 1;
    for (std::size_t n = below(random, 30); n > 0; --n, id += 2) {
      const bool upload = below(random, 3) == 0;
      client.request(id, upload ? "PUT" : "GET", any_of(random, paths), {}, !upload);
      if (upload) client.data(id, test_bytes(below(random, 20'000)), below(random, 2) == 0);
      if (below(random, 5) == 0)
        client.reset(1 + 2 * static_cast<std::uint32_t>(below(random, id)));
      if (below(random, 9) == 0)
        client.send_frame(static_cast<std::uint8_t>(below(random, 11)),
                          static_cast<std::uint8_t>(below(random, 256)),
                          static_cast<std::uint32_t>(below(random, 2 * id)),
                          test_bytes(below(random, 40)));
      if (below(random, 3) == 0 && !client.read_frame()) break;
    }
    if (below(random, 2) == 0) client.tls.raw().reset();
  }
}

ServerSettings patient_for_a_second() {
  ServerSettings settings;
  settings.limits.body_timeout = settings.limits.write_timeout =
      settings.limits.idle_timeout = {1000};
  settings.limits.linger_timeout = {300};
  return settings;
}

using Torture = void (*)(std::uint16_t, std::uint32_t, int);

void run(TestServer& server, Torture torture, int rounds) {
  std::vector<std::thread> clients;
  for (std::uint32_t seed = 1; seed <= 6; ++seed)
    clients.emplace_back([&, seed] { torture(server.port(), seed, rounds); });
  for (auto& client : clients) client.join();
  EXPECT_TRUE(TestServer::eventually([&] { return server.server->open_connections() == 0; }));
}

TEST(ServerTorture, plain_connections_that_break_off_leave_nothing_behind) {
  TestServer server(patient_for_a_second(), 2);
  run(server, torture_plain, 60);
  auto client = server.client();
  client.send(get("/a"));
  EXPECT_EQ(client.read_reply()->body, "path=/a query=");
}

TEST(ServerTorture, tls_connections_that_break_off_leave_nothing_behind) {
  TestServer server(patient_for_a_second(), 2, make_certificate("a.test"));
  run(server, torture_tls, 25);
  TlsClient client(server.port(), "http/1.1");
  client.send(get("/a"));
  EXPECT_NE(client.read_until("query=").find("200 OK"), std::string::npos);
}

TEST(ServerTorture, http2_connections_that_break_off_leave_nothing_behind) {
  TestServer server(patient_for_a_second(), 2, make_certificate("a.test"));
  run(server, torture_http2, 25);
  H2Client client(server.port());
  client.request(1, "GET", "/a");
  EXPECT_EQ(client.finish(1).body, "path=/a query=");
}

TEST(ServerTorture, a_server_may_end_in_the_middle_of_everything) {
  for (int round = 0; round < 10; ++round) {
    auto server = std::make_unique<TestServer>(ServerSettings(), 2, make_certificate("a.test"));
    const auto port = server->port();
    H2Client http2(port);
    TlsClient http1(port, "http/1.1");
    TlsClient stuck(port, "http/1.1");
    http2.request(1, "GET", "/gate");
    http2.request(3, "PUT", "/slow", {}, /*ends=*/false);
    http2.request(5, "GET", "/blob");
    http1.send(chunked(2000).substr(0, 50'000));
    stuck.send(get("/shared/20000000"));
    if (round % 2 == 0) server->server->drain({10});
    server.reset();
    EXPECT_EQ(http1.read_until("never"), "");
  }
}

}  // namespace
}  // namespace kontor::net
