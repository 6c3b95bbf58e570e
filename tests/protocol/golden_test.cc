// Runs every golden conversation in process, through the gateway on in-memory stores.
#include "tests/protocol/in_process.h"
#include "tests/support/npm_world.h"

#include <gtest/gtest.h>

namespace kontor::test {
namespace {

const std::string kFolder = std::string(KONTOR_SOURCE_DIR) + "/tests/protocol/golden";

class InNpm final : public InProcess<NpmWorld> {
 public:
  std::string token(const std::string& user) override {
    const bool known = *world_.run(world_.accounts.find_user(user)) != std::nullopt;
    if (!known) world_.add_user(user, password(user));
    return InProcess::token(user);
  }
};

class Golden : public testing::TestWithParam<std::string> {};

TEST_P(Golden, conversation_comes_back_as_written) {
  const auto path = kFolder + "/" + GetParam() + ".http";
  ASSERT_FALSE(read_conversation(path).empty());
  InNpm transport;
  EXPECT_EQ(run_conversation(path, transport), "");
}

INSTANTIATE_TEST_SUITE_P(Protocol, Golden, testing::ValuesIn(conversations_in(kFolder)),
                         [](const auto& info) {
                           std::string name = info.param;
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

TEST(GoldenRunner, a_difference_is_found_wherever_it_is) {
  InNpm transport;
  const auto problems =
      run_conversation(std::string(KONTOR_SOURCE_DIR) + "/tests/protocol/wrong.http", transport);
  for (const auto* part : {"status 200 instead of 201", "there is no header x-none",
                           "cache-control is private, no-store instead of public", "body has no a",
                           "there is a header content-type"})
    EXPECT_NE(problems.find(part), std::string::npos) << part << "\n" << problems;
}

}  // namespace
}  // namespace kontor::test
