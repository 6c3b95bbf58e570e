// Runs every golden conversation in process, through the gateway on in-memory stores.
#include "tests/protocol/conversation.h"
#include "tests/support/npm_world.h"

#include <gtest/gtest.h>

#include <filesystem>

namespace kontor::test {
namespace {

const std::string kFolder = std::string(KONTOR_SOURCE_DIR) + "/tests/protocol/golden";

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
    std::string target = request.target;
    if (target.starts_with(base())) target.erase(0, base().size());
    const Answer answer = world_.ask({request.method, target, request.headers, request.body});
    Reply reply{answer.status, {}, answer.body};
    for (const auto& header : answer.headers) reply.headers.emplace_back(header.name, header.value);
    return reply;
  }
  std::string base() override { return "http://registry.test"; }
  std::string token(const std::string& user) override {
    const bool known = *world_.run(world_.accounts.find_user(user)) != std::nullopt;
    if (!known) world_.add_user(user, password(user));
    return world_.login(user).substr(7);
  }
  std::string password(const std::string& user) override { return "secret of " + user; }

 private:
  NpmWorld world_;
};

class Golden : public testing::TestWithParam<std::string> {};

TEST_P(Golden, conversation_comes_back_as_written) {
  const auto path = kFolder + "/" + GetParam() + ".http";
  ASSERT_FALSE(read_conversation(path).empty());
  InProcess transport;
  EXPECT_EQ(run_conversation(path, transport), "");
}

INSTANTIATE_TEST_SUITE_P(Protocol, Golden, testing::ValuesIn(conversations()),
                         [](const auto& info) {
                           std::string name = info.param;
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

TEST(GoldenRunner, a_difference_is_found_wherever_it_is) {
  InProcess transport;
  const auto problems = run_conversation(
      std::string(KONTOR_SOURCE_DIR) + "/tests/protocol/wrong.http", transport);
  for (const auto* part : {"status 200 instead of 201", "there is no header x-none",
                           "cache-control is private, no-store instead of public",
                           "body has no a", "there is a header content-type"})
    EXPECT_NE(problems.find(part), std::string::npos) << part << "\n" << problems;
}

}  // namespace
}  // namespace kontor::test
