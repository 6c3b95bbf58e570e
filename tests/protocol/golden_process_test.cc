// Runs every golden conversation against the real binary over sockets: at the root, under /npm/,
// and over TLS with HTTP/2. What the in-process run accepts and this one does not is a difference
// between the gateway and the server around it.
#include "tests/protocol/conversation.h"
#include "tests/support/running_server.h"

#include <gtest/gtest.h>

namespace kontor::test {
namespace {

const std::string kFolder = std::string(KONTOR_SOURCE_DIR) + "/tests/protocol/golden";

struct Place {
  const char* name;
  RunningServer::Scheme scheme;
  const char* prefix;
};

constexpr Place kPlaces[] = {
    {"root", RunningServer::Scheme::http, ""},
    {"prefixed", RunningServer::Scheme::http, "/npm"},
    {"tls", RunningServer::Scheme::https, ""},
};

class OverSockets final : public Transport {
 public:
  explicit OverSockets(const Place& place) : server_(place.scheme), prefix_(place.prefix) {}

  Reply ask(const Exchange& request) override {
    curl::HttpRequest out{.method = request.method,
                          .url = located(request.target),
                          .headers = request.headers,
                          .body = request.body};
    auto answer = server_.send(std::move(out));
    if (!answer) return {0, {}, std::string(answer.error().message())};
    return {answer->status, std::move(answer->headers), std::move(answer->body)};
  }
  std::string base() override { return server_.url() + prefix_; }
  std::string token(const std::string& user) override { return server_.token(user); }
  std::string password(const std::string& user) override {
    server_.token(user);
    return RunningServer::password(user);
  }

 private:
  std::string located(const std::string& target) const {
    return target.starts_with("http") ? target : server_.url() + prefix_ + target;
  }

  RunningServer server_;
  std::string prefix_;
};

std::vector<std::string> conversations() {
  auto out = conversations_in(kFolder);
  // Cloudflare resolves dot segments before it gives a worker the request.
  if (RunningServer::at_edge()) std::erase(out, "raw_target");
  return out;
}

class GoldenProcess : public testing::TestWithParam<Place> {};

TEST_P(GoldenProcess, every_conversation_comes_back_as_written) {
  if (RunningServer::at_edge() && GetParam().scheme == RunningServer::Scheme::https) GTEST_SKIP();
  OverSockets transport(GetParam());
  ASSERT_NE(transport.base(), GetParam().prefix);
  for (const auto& name : conversations())
    EXPECT_EQ(run_conversation(kFolder + "/" + name + ".http", transport), "");
}

INSTANTIATE_TEST_SUITE_P(Places, GoldenProcess, testing::ValuesIn(kPlaces),
                         [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace kontor::test
