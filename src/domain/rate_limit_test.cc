// The algorithm against a count of what was admitted.
#include "domain/rate_limit.h"

#include <gtest/gtest.h>

namespace kontor {
namespace {

constexpr Timestamp kNow{1'800'000'000'000};

TEST(RateLimit, admits_a_window_at_once_and_then_refuses) {
  const RateLimit limit{100, minutes(1)};
  RateState state = 0;
  for (std::uint32_t left = 100; left-- > 0;) {
    const auto decision = admit_request(state, limit, kNow);
    ASSERT_TRUE(decision.allowed) << left;
    EXPECT_EQ(decision.remaining, left);
  }
  const auto before = state;
  const auto refused = admit_request(state, limit, kNow);
  EXPECT_FALSE(refused.allowed);
  EXPECT_EQ(refused.remaining, 0u);
  EXPECT_EQ(refused.reset, minutes(1));
  EXPECT_EQ(refused.retry_after, Duration{600});
  EXPECT_EQ(state, before) << "a refused request costs nothing";
}

TEST(RateLimit, admits_one_more_exactly_when_it_said) {
  const RateLimit limit{100, minutes(1)};
  RateState state = 0;
  while (admit_request(state, limit, kNow).allowed) {
  }
  const auto wait = admit_request(state, limit, kNow).retry_after;
  EXPECT_FALSE(admit_request(state, limit, kNow + Duration{wait.ms - 1}).allowed);
  EXPECT_TRUE(admit_request(state, limit, kNow + wait).allowed);
  EXPECT_FALSE(admit_request(state, limit, kNow + wait).allowed);
}

TEST(RateLimit, never_admits_more_than_two_windows_worth_in_one_window) {
  for (const RateLimit limit : {RateLimit{1, seconds(1)}, RateLimit{7, seconds(3)},
                                RateLimit{1000, minutes(1)}, RateLimit{6000, minutes(1)}}) {
    RateState state = 0;
    std::uint32_t admitted = 0;
    for (Duration at; at < limit.window; at.ms += 1)
      for (int i = 0; i < 8; ++i) admitted += admit_request(state, limit, kNow + at).allowed;
    EXPECT_LE(admitted, 2 * limit.requests);
    EXPECT_GE(admitted, 2 * limit.requests - 2);
  }
}

TEST(RateLimit, is_whole_again_after_the_reset) {
  const RateLimit limit{10, seconds(10)};
  RateState state = 0;
  RateDecision last;
  for (int i = 0; i < 4; ++i) last = admit_request(state, limit, kNow);
  EXPECT_EQ(last.reset, seconds(4));
  EXPECT_EQ(admit_request(state, limit, kNow + last.reset).remaining, 9u);
}

TEST(RateLimit, a_clock_that_steps_back_locks_nobody_out) {
  const RateLimit limit{10, seconds(10)};
  RateState state = 0;
  for (int i = 0; i < 5; ++i) admit_request(state, limit, kNow + hours(5));
  EXPECT_FALSE(admit_request(state, limit, kNow).allowed);
  EXPECT_TRUE(admit_request(state, limit, kNow + seconds(1)).allowed);
}

TEST(RateLimit, nothing_is_counted_where_it_is_off) {
  RateState state = 0;
  EXPECT_TRUE(admit_request(state, {}, kNow).allowed);
  EXPECT_EQ(state, 0);
}

TEST(RateLimit, the_stricter_of_two_answers) {
  RateState address = 0, token = 0;
  const RateLimit narrow{1, seconds(1)}, wide{100, seconds(1)};
  const auto a = admit_request(address, narrow, kNow), b = admit_request(token, wide, kNow);
  EXPECT_TRUE(a.stricter_than(b));
  EXPECT_FALSE(b.stricter_than(a));
  EXPECT_TRUE(b.stricter_than(RateDecision{}));
  EXPECT_TRUE(admit_request(address, narrow, kNow).stricter_than(a));
}

}  // namespace
}  // namespace kontor
