// Runs every Progy conversation over sockets: against the real binary, plain and over TLS with
// HTTP/2, or against the worker or the registry of KONTOR_TEST_URL
// (tests/support/running_server.h).
#include "tests/protocol/conversation.h"
#include "tests/support/running_server.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

namespace kontor::test {
namespace {

const std::string kFolder = std::string(KONTOR_SOURCE_DIR) + "/tests/protocol/golden_progy";

std::vector<RunningServer::Scheme> schemes() {
  if (std::getenv("KONTOR_TEST_URL") || RunningServer::at_edge())
    return {RunningServer::Scheme::http};
  return {RunningServer::Scheme::http, RunningServer::Scheme::https};
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

class GoldenProgyProcess : public testing::TestWithParam<RunningServer::Scheme> {};

TEST_P(GoldenProgyProcess, every_conversation_comes_back_as_written) {
  RunningServer server(GetParam(), {"--set", "rateLimit.progyPublish.maxRequests=0"});
  ASSERT_NE(server.url(), "");
  OverSockets transport(server);
  for (const auto* user : {"root", "alice", "bob", "carol"}) transport.token(user);
  int conversations = 0;
  for (const auto& entry : std::filesystem::directory_iterator(kFolder)) {
    if (entry.path().extension() != ".http") continue;
    EXPECT_EQ(run_conversation(entry.path().string(), transport), "");
    ++conversations;
  }
  EXPECT_GE(conversations, 4);
}

INSTANTIATE_TEST_SUITE_P(Places, GoldenProgyProcess, testing::ValuesIn(schemes()),
                         [](const auto& info) {
                           return info.param == RunningServer::Scheme::http ? "plain" : "tls";
                         });

}  // namespace
}  // namespace kontor::test
