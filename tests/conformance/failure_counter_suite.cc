// The promises of ports/failure_counter.h as tests.
#include "tests/conformance/failure_counter_suite.h"

namespace kontor::test {

std::optional<Duration> FailureCounterSuite::blocked(const std::string& key, Timestamp now) {
  auto result = loop_.run(counter_->blocked(key, now));
  EXPECT_TRUE(result);
  return result ? *result : std::nullopt;
}

void FailureCounterSuite::fail_at(const std::string& key, Timestamp now) {
  EXPECT_TRUE(loop_.run(counter_->failed(key, now)));
}

namespace {

constexpr Timestamp at(std::int64_t second) {
  return {1'780'000'000'000 + second * 1000};
}

TEST_P(FailureCounterSuite, blocks_a_key_at_the_limit_only) {
  EXPECT_EQ(blocked("a", at(0)), std::nullopt);
  fail_at("a", at(0));
  fail_at("a", at(1));
  EXPECT_EQ(blocked("a", at(2)), std::nullopt);
  fail_at("a", at(2));
  EXPECT_EQ(blocked("a", at(2)), seconds(58));
  EXPECT_EQ(blocked("b", at(2)), std::nullopt);
}

TEST_P(FailureCounterSuite, lets_a_key_try_again_as_its_failures_leave_the_window) {
  for (int i = 0; i < 3; ++i) fail_at("a", at(10 * i));
  EXPECT_EQ(blocked("a", at(59)), seconds(1));
  EXPECT_EQ(blocked("a", at(60)), std::nullopt);
  fail_at("a", at(60));
  EXPECT_EQ(blocked("a", at(60)), seconds(10));
  EXPECT_EQ(blocked("a", at(70)), std::nullopt);
}

TEST_P(FailureCounterSuite, forgets_a_key_that_succeeded) {
  for (int i = 0; i < 3; ++i) fail_at("a", at(0));
  EXPECT_TRUE(loop_.run(counter_->succeeded("a")));
  EXPECT_TRUE(loop_.run(counter_->succeeded("never failed")));
  EXPECT_EQ(blocked("a", at(0)), std::nullopt);
  fail_at("a", at(0));
  EXPECT_EQ(blocked("a", at(0)), std::nullopt);
}

TEST_P(FailureCounterSuite, never_blocks_longer_than_the_window_when_the_clock_steps_back) {
  for (int i = 0; i < 3; ++i) fail_at("a", at(7200));
  EXPECT_EQ(blocked("a", at(0)), seconds(60));
}

}  // namespace
}  // namespace kontor::test
