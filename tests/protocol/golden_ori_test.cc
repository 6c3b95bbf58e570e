// Runs every Ori conversation in process, through the gateway on in-memory stores.
#include "tests/protocol/in_process.h"
#include "tests/support/ori_world.h"

#include <gtest/gtest.h>

namespace kontor::test {
namespace {

const std::string kFolder = std::string(KONTOR_SOURCE_DIR) + "/tests/protocol/golden_ori";

class InOri final : public InProcess<OriWorld> {
 public:
  InOri() {
    world_.change_settings([](Settings& settings) {
      settings.rates = {{"oriAnonymous", {100, minutes(1)}}, {"ori", {1000, minutes(1)}}};
    });
  }
};

class GoldenOri : public testing::TestWithParam<std::string> {};

TEST_P(GoldenOri, conversation_comes_back_as_written) {
  const auto path = kFolder + "/" + GetParam() + ".http";
  ASSERT_FALSE(read_conversation(path).empty());
  InOri transport;
  EXPECT_EQ(run_conversation(path, transport), "");
}

INSTANTIATE_TEST_SUITE_P(Protocol, GoldenOri, testing::ValuesIn(conversations_in(kFolder)),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace kontor::test
