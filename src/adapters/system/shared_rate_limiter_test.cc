// Two servers of one registry, or one before and after its restart: what they admit together.
#include "adapters/system/shared_rate_limiter.h"

#include "adapters/memory/rate_store.h"
#include "tests/support/test_loop.h"

#include <gtest/gtest.h>

namespace kontor::host {
namespace {

using Keys = SharedRateLimiter::Keys;

constexpr Timestamp kNow{1'795'000'000'000};
constexpr RateLimit kMinute{.requests = 10, .window = minutes(1)};
constexpr RateLimit kHour{.requests = 10, .window = minutes(60)};

struct SharedRates : testing::Test {
  // How many of `requests` by one client a server admits.
  static int admitted(SharedRateLimiter& server, const RateLimit& limit, int requests,
                      std::string_view key = "192.0.2.1") {
    int count = 0;
    for (int i = 0; i < requests; ++i) count += server.take("ori", key, limit, kNow).allowed;
    return count;
  }
  void exchange(SharedRateLimiter& server, Keys which = Keys::all) {
    EXPECT_TRUE(loop.run(server.exchange(store, which, kNow)));
  }

  test::TestLoop loop;
  memory::RateRows rows;
  memory::RateStore store{rows};
  SharedRateLimiter here, there;
};

TEST_F(SharedRates, servers_that_tell_each_other_admit_one_allowance) {
  EXPECT_EQ(admitted(here, kMinute, 6), 6);
  exchange(here);
  EXPECT_EQ(admitted(there, kMinute, 1), 1) << "it has not heard of the other six";
  exchange(there);
  EXPECT_EQ(admitted(there, kMinute, 9), 3);
  EXPECT_EQ(admitted(there, kMinute, 5, "192.0.2.2"), 5) << "another client";
  exchange(there);
  exchange(here);
  EXPECT_EQ(admitted(here, kMinute, 9), 4) << "it had no request to ask about";
  exchange(here);
  EXPECT_EQ(admitted(here, kMinute, 9), 0);
}

TEST_F(SharedRates, limits_of_hours_outlive_a_server_and_others_only_where_all_is_shared) {
  EXPECT_EQ(admitted(here, kHour, 10), 10);
  EXPECT_EQ(admitted(here, kMinute, 10), 10);
  exchange(here, Keys::lasting);
  SharedRateLimiter restarted;
  EXPECT_EQ(admitted(restarted, kHour, 1), 1);
  EXPECT_EQ(admitted(restarted, kMinute, 1), 1);
  exchange(restarted, Keys::lasting);
  EXPECT_EQ(admitted(restarted, kHour, 9), 0);
  EXPECT_EQ(admitted(restarted, kMinute, 9), 9);
}

TEST_F(SharedRates, what_was_told_once_is_not_told_again) {
  admitted(here, kMinute, 6);
  EXPECT_EQ(loop.run(here.exchange(store, Keys::all, kNow)), 1u);
  EXPECT_EQ(loop.run(here.exchange(store, Keys::all, kNow)), 0u);
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows.begin()->second, kNow.ms * 1000 + 6 * 6'000'000);
}

}  // namespace
}  // namespace kontor::host
