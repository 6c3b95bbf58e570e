// What servers have counted together.
#include "tests/conformance/store_harness.h"

namespace kontor::test {
namespace {

constexpr std::int64_t kSecond = 1'000'000;
const std::int64_t kStart = kNoon.ms * 1000;

TEST_P(PackageStoreSuite, uses_of_all_servers_add_up) {
  auto second = harness_->open(loop_);
  RateStore& here = *stores_.rates;
  RateStore& there = *second.rates;
  EXPECT_EQ(must(here.add({{1, 2 * kSecond}, {2, kSecond}}, kNoon)),
            (std::vector<RateState>{kStart + 2 * kSecond, kStart + kSecond}));
  EXPECT_EQ(must(there.add({{1, 3 * kSecond}}, kNoon)),
            (std::vector<RateState>{kStart + 5 * kSecond}));
  EXPECT_EQ(must(here.add({{1, 0}}, kNoon)), (std::vector<RateState>{kStart + 5 * kSecond}));
}

TEST_P(PackageStoreSuite, an_allowance_becomes_whole_with_time) {
  RateStore& rates = *stores_.rates;
  must(rates.add({{1, 2 * kSecond}, {2, 60 * kSecond}}, kNoon));
  EXPECT_EQ(must(rates.add({{1, kSecond}}, kNoon + seconds(10))),
            (std::vector<RateState>{kStart + 11 * kSecond}));
  EXPECT_EQ(must(rates.forget_whole(kNoon + seconds(30), 100)), 1u);
  EXPECT_EQ(must(rates.forget_whole(kNoon + seconds(30), 100)), 0u);
  EXPECT_EQ(must(rates.add({{2, 0}}, kNoon + seconds(30))),
            (std::vector<RateState>{kStart + 60 * kSecond}));
}

}  // namespace
}  // namespace kontor::test
