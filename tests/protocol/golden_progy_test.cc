// Runs every Progy conversation in process, through the gateway on in-memory stores.
#include "tests/protocol/conversation.h"
#include "tests/support/progy_world.h"

#include <gtest/gtest.h>

#include <filesystem>

namespace kontor::test {
namespace {

const std::string kFolder = std::string(KONTOR_SOURCE_DIR) + "/tests/protocol/golden_progy";

std::vector<std::string> conversations() {
  std::vector<std::string> out;
  for (const auto& entry : std::filesystem::directory_iterator(kFolder))
    if (entry.path().extension() == ".http") out.push_back(entry.path().stem().string());
  std::ranges::sort(out);
  return out;
}

class InProcess final : public Transport {
 public:
  Reply ask(const Exchange& request) override {
    const Answer answer =
        world_.ask({request.method, request.target, request.headers, request.body});
    Reply reply{answer.status, {}, answer.body};
    for (const auto& header : answer.headers) reply.headers.emplace_back(header.name, header.value);
    return reply;
  }
  std::string base() override { return "http://registry.test"; }
  std::string token(const std::string& user) override { return world_.login(user).substr(7); }
  std::string password(const std::string& user) override { return "secret of " + user; }

 private:
  ProgyWorld world_;
};

class GoldenProgy : public testing::TestWithParam<std::string> {};

TEST_P(GoldenProgy, conversation_comes_back_as_written) {
  const auto path = kFolder + "/" + GetParam() + ".http";
  ASSERT_FALSE(read_conversation(path).empty());
  InProcess transport;
  EXPECT_EQ(run_conversation(path, transport), "");
}

INSTANTIATE_TEST_SUITE_P(Protocol, GoldenProgy, testing::ValuesIn(conversations()),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace kontor::test
