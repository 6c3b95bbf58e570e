// Runs every conversation of Ori and of Progy over sockets: against the real binary, plain and over
// TLS with HTTP/2, or against the worker or the registry of KONTOR_TEST_URL
// (tests/support/running_server.h).
#include "tests/protocol/conversation.h"
#include "tests/support/running_server.h"

#include <gtest/gtest.h>

#include <cstdlib>

namespace kontor::test {
namespace {

struct Place {
  std::string format;
  RunningServer::Scheme scheme;
  std::size_t conversations;  // that there are at least
  std::vector<std::string> settings;
};

std::vector<Place> places() {
  using enum RunningServer::Scheme;
  const std::vector<std::string> often = {"--set", "rateLimit.progyPublish.maxRequests=0"};
  std::vector<Place> out = {{"ori", http, 7, {}}, {"progy", http, 4, often}};
  if (std::getenv("KONTOR_TEST_URL") || RunningServer::at_edge()) return out;
  out.push_back({"ori", https, 7, {}});
  out.push_back({"progy", https, 4, often});
  return out;
}

class OverSockets final : public Transport {
 public:
  explicit OverSockets(RunningServer& server) : server_(server) {}

  Reply ask(const Exchange& request) override {
    curl::HttpRequest out{.method = request.method,
                          .url = server_.url() + request.target,
                          .headers = request.headers,
                          .body = request.body};
    auto answer = server_.send(std::move(out));
    if (!answer) return {0, {}, std::string(answer.error().message())};
    return {answer->status, std::move(answer->headers), std::move(answer->body)};
  }
  std::string base() override { return server_.url(); }
  std::string token(const std::string& user) override { return server_.token(user); }
  std::string password(const std::string& user) override { return RunningServer::password(user); }

 private:
  RunningServer& server_;
};

class GoldenFormats : public testing::TestWithParam<Place> {};

TEST_P(GoldenFormats, every_conversation_comes_back_as_written) {
  RunningServer server(GetParam().scheme, GetParam().settings);
  ASSERT_NE(server.url(), "");
  OverSockets transport(server);
  for (const auto* user : {"root", "alice", "bob", "carol"}) transport.token(user);
  const auto folder =
      std::string(KONTOR_SOURCE_DIR) + "/tests/protocol/golden_" + GetParam().format;
  const auto names = conversations_in(folder);
  EXPECT_GE(names.size(), GetParam().conversations);
  for (const auto& name : names)
    EXPECT_EQ(run_conversation(folder + "/" + name + ".http", transport), "");
}

INSTANTIATE_TEST_SUITE_P(Places, GoldenFormats, testing::ValuesIn(places()), [](const auto& info) {
  return info.param.format + (info.param.scheme == RunningServer::Scheme::http ? "_plain" : "_tls");
});

}  // namespace
}  // namespace kontor::test
