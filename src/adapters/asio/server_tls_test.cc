// HTTP/1.1 over TLS: handshakes, certificates, bodies through records.
#include "adapters/asio/socket.h"
#include "adapters/asio/tls_test_support.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <fstream>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <thread>

namespace kontor::net {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string body_of(TlsClient& client, std::size_t size) {
  client.read_until("\r\n\r\n");
  return client.read_bytes(size);
}

TEST(ServerTls, answers_over_tls_1_3_and_keeps_the_connection) {
  TestServer server({}, 1, make_certificate("a.test"));
  TlsClient client(server.port(), "http/1.1");
  ASSERT_TRUE(client.connected());
  EXPECT_EQ(client.protocol(), "http/1.1");
  EXPECT_EQ(client.common_name(), "a.test");
  for (int i = 0; i < 3; ++i) {
    client.send(get("/where"));
    EXPECT_THAT(client.read_until("\r\n\r\n"), StartsWith("HTTP/1.1 200 OK\r\n"));
    EXPECT_THAT(client.read_bytes(41), StartsWith("127.0.0.1 https://a.test "));
  }
}

TEST(ServerTls, a_request_right_behind_the_handshake_is_found_without_another_event) {
  const auto context = TlsContext::load(make_certificate("a.test"));
  ASSERT_TRUE(context);
  int ends[2];
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends), 0);
  Socket server(OwnedFd(ends[0]), (*context)->accept(ends[0]));
  const OwnedFd client_end(ends[1]);
  const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> clients(SSL_CTX_new(TLS_client_method()),
                                                                  &SSL_CTX_free);
  const std::unique_ptr<SSL, decltype(&SSL_free)> client(SSL_new(clients.get()), &SSL_free);
  SSL_set_fd(client.get(), client_end.get());

  EXPECT_LT(SSL_connect(client.get()), 1);
  EXPECT_EQ(server.handshake(), Io::blocked);
  EXPECT_FALSE(server.readable());
  ASSERT_EQ(SSL_connect(client.get()), 1);
  ASSERT_EQ(SSL_write(client.get(), "hello", 5), 5);
  // Woken for another reason, it takes all that has arrived from the socket: no event will follow.
  server.note_events(EPOLLOUT);
  ASSERT_EQ(server.handshake(), Io::ok);
  EXPECT_TRUE(server.readable());
  std::array<char, 16> bytes;
  const auto read = server.read(bytes);
  EXPECT_EQ(read.state, Io::ok);
  EXPECT_EQ(std::string_view(bytes.data(), read.bytes), "hello");
}

TEST(ServerTls, a_client_without_alpn_speaks_http_1_1) {
  TestServer server({}, 1, make_certificate("a.test"));
  TlsClient client(server.port(), "");
  client.send(get("/", "Connection: close\r\n"));
  EXPECT_THAT(client.read_until("query="), StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_EQ(client.read_some(), "");
}

TEST(ServerTls, sends_bodies_from_memory_and_files_whole) {
  TestServer server({}, 1, make_certificate("a.test"));
  TlsClient client(server.port(), "http/1.1");
  client.send(get("/shared/20000000") + get("/blob") + get("/range") + get("/shared/16384"));
  EXPECT_TRUE(body_of(client, 20'000'000) == test_bytes(20'000'000));
  EXPECT_TRUE(body_of(client, 5'000'000) == test_bytes(5'000'000));
  EXPECT_TRUE(body_of(client, 300'000) == test_bytes(5'000'000).substr(1000, 300'000));
  EXPECT_TRUE(body_of(client, 16'384) == test_bytes(16'384));
}

TEST(ServerTls, reads_large_bodies_and_pipelined_requests) {
  TestServer server({}, 1, make_certificate("a.test"));
  TlsClient client(server.port(), "http/1.1");
  client.send("PUT /count HTTP/1.1\r\nHost: a\r\nContent-Length: 3000000\r\n\r\n");
  const auto body = test_bytes(3'000'000);
  for (std::size_t at = 0; at < body.size(); at += 10'000) client.send(body.substr(at, 10'000));
  EXPECT_EQ(body_of(client, 7), "3000000");
  std::string all;
  for (int i = 0; i < 100; ++i) all += get("/hop");
  client.send(all);
  for (int i = 0; i < 100; ++i) ASSERT_EQ(body_of(client, 6), "hopped") << i;
}

TEST(ServerTls, an_early_answer_is_readable) {
  TestServer server({}, 1, make_certificate("a.test"));
  TlsClient client(server.port(), "http/1.1");
  client.send("PUT /early HTTP/1.1\r\nHost: a\r\nContent-Length: 3000000\r\n\r\n" +
              test_bytes(200'000));
  EXPECT_THAT(client.read_until("\r\n\r\n"), StartsWith("HTTP/1.1 401 "));
  EXPECT_THAT(client.read_until("}"), HasSubstr("logged in"));
}

TEST(ServerTls, older_versions_are_refused_unless_allowed) {
  auto options = make_certificate("a.test");
  {
    TestServer server({}, 1, options);
    EXPECT_FALSE(TlsClient(server.port(), "http/1.1", TLS1_2_VERSION).connected());
    TlsClient client(server.port(), "http/1.1");
    client.send(get("/"));
    EXPECT_THAT(client.read_until("\r\n"), HasSubstr("200"));
  }
  options.min_version = TlsVersion::v1_2;
  TestServer server({}, 1, options);
  TlsClient client(server.port(), "http/1.1", TLS1_2_VERSION);
  ASSERT_TRUE(client.connected());
  client.send(get("/shared/100000"));
  EXPECT_TRUE(body_of(client, 100'000) == test_bytes(100'000));
}

TEST(ServerTls, new_certificates_are_taken_without_dropping_connections) {
  TestServer server({}, 2, make_certificate("old.test"));
  TlsClient before(server.port(), "http/1.1");
  ASSERT_TRUE(server.server->reload_tls(make_certificate("new.test")));
  TlsClient after(server.port(), "http/1.1");
  EXPECT_EQ(before.common_name(), "old.test");
  EXPECT_EQ(after.common_name(), "new.test");
  before.send(get("/"));
  EXPECT_THAT(before.read_until("\r\n"), HasSubstr("200"));
  auto broken = make_certificate("other.test");
  broken.key_file = make_certificate("new.test").key_file;
  const auto refused = server.server->reload_tls(broken);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().detail, HasSubstr("key file"));
  EXPECT_EQ(TlsClient(server.port(), "http/1.1").common_name(), "new.test");
}

TEST(ServerTls, unusable_files_are_told_to_the_operator) {
  auto options = make_certificate("a.test");
  options.certificate_file = ::testing::TempDir() + "no-such.crt";
  const auto missing = TlsContext::load(options);
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error().detail, HasSubstr("no-such.crt"));
  options.certificate_file = ::testing::TempDir() + "junk.crt";
  std::ofstream(options.certificate_file) << "junk";
  EXPECT_FALSE(TlsContext::load(options));
}

TEST(ServerTls, a_handshake_that_stalls_or_fails_is_ended) {
  ServerSettings settings;
  settings.limits.handshake_timeout = {100};
  TestServer server(settings, 1, make_certificate("a.test"));
  auto silent = server.client();
  EXPECT_TRUE(silent.closed_by_server());
  auto plain = server.client();
  plain.send(get("/"));
  const auto hint = plain.read_reply();
  ASSERT_TRUE(hint);
  EXPECT_EQ(hint->status, 400);
  EXPECT_THAT(hint->body, HasSubstr("HTTPS"));
  EXPECT_TRUE(TestServer::eventually([&] { return server.server->open_connections() == 0; }));
}

TEST(ServerTls, draining_lets_a_request_finish) {
  TestServer server({}, 1, make_certificate("a.test"));
  TlsClient client(server.port(), "http/1.1");
  client.send(get("/gate"));
  ASSERT_TRUE(TestServer::eventually([&] { return server.handlers[0].gate.entered == 1; }));
  EXPECT_TRUE(server.server->drain(seconds(10), [&] { return server.open_gates(); }));
  EXPECT_THAT(client.read_until("opened"), HasSubstr("connection: close"));
}

}  // namespace
}  // namespace kontor::net
