// Runs every Progy conversation in process, through the gateway on in-memory stores.
#include "tests/protocol/in_process.h"
#include "tests/support/progy_world.h"

#include <gtest/gtest.h>

namespace kontor::test {
namespace {

const std::string kFolder = std::string(KONTOR_SOURCE_DIR) + "/tests/protocol/golden_progy";

class GoldenProgy : public testing::TestWithParam<std::string> {};

TEST_P(GoldenProgy, conversation_comes_back_as_written) {
  const auto path = kFolder + "/" + GetParam() + ".http";
  ASSERT_FALSE(read_conversation(path).empty());
  InProcess<ProgyWorld> transport;
  EXPECT_EQ(run_conversation(path, transport), "");
}

INSTANTIATE_TEST_SUITE_P(Protocol, GoldenProgy, testing::ValuesIn(conversations_in(kFolder)),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace kontor::test
