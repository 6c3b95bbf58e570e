// A table of few rows, so that keys push each other out.
#include "domain/rate_table.h"

#include <gtest/gtest.h>

#include <map>

namespace kontor {
namespace {

constexpr Timestamp kNow{1'800'000'000'000};
constexpr RateLimit kLimit{10, seconds(10)};

std::map<std::uint64_t, std::int64_t> uses_of(RateTable& table) {
  std::map<std::uint64_t, std::int64_t> out;
  table.take_uses([&](std::uint64_t key, std::int64_t cost) { out[key] += cost; });
  return out;
}

TEST(RateTable, keys_do_not_share_an_allowance) {
  RateTable table(64);
  for (std::uint64_t key = 1; key <= 16; ++key)
    EXPECT_EQ(table.take(key, kLimit, kNow).remaining, 9u) << key;
  EXPECT_EQ(table.take(3, kLimit, kNow).remaining, 8u);
}

TEST(RateTable, a_key_without_room_takes_the_place_of_the_one_that_is_nearest_to_whole) {
  RateTable table(RateTable::kRow);
  for (std::uint64_t key = 1; key <= RateTable::kRow; ++key)
    for (std::uint64_t i = 0; i < key; ++i) table.take(key, kLimit, kNow);
  EXPECT_EQ(table.take(99, kLimit, kNow).remaining, 9u);
  EXPECT_EQ(table.take(4, kLimit, kNow).remaining, 5u) << "who asks most is remembered";
  EXPECT_EQ(table.take(2, kLimit, kNow).remaining, 7u);
}

TEST(RateTable, keys_are_kept_while_the_table_grows) {
  constexpr std::uint64_t kKeys = 512;
  RateTable table(2 * kKeys);
  const auto key = [](std::uint64_t i) { return i * 0x9E3779B97F4A7C15 | 1; };
  for (std::uint64_t i = 1; i <= kKeys; ++i)
    for (std::uint64_t use = 0; use <= i % 5; ++use) table.take(key(i), kLimit, kNow);
  std::uint64_t kept = 0;
  for (std::uint64_t i = 1; i <= kKeys; ++i)
    kept += table.look(key(i), kLimit, kNow).remaining == 8 - i % 5;
  EXPECT_GT(kept, kKeys * 9 / 10) << "but for the rows that are full at the bound";
}

TEST(RateTable, keys_whose_allowance_is_whole_again_leave_their_room_to_others) {
  RateTable table(64);
  table.take(1, kLimit, kNow);
  const Timestamp later{kNow.ms + 10'000};
  for (std::uint64_t key = 2; key <= 40; ++key) table.take(key, kLimit, later);
  EXPECT_EQ(table.look(1, kLimit, later).remaining, 9u);
  EXPECT_EQ(table.look(40, kLimit, later).remaining, 8u);
}

TEST(RateTable, what_was_admitted_is_told_once) {
  RateTable table(64);
  for (int i = 0; i < 13; ++i) table.take(7, kLimit, kNow);
  table.take(8, kLimit, kNow);
  EXPECT_EQ(uses_of(table),
            (std::map<std::uint64_t, std::int64_t>{{7, 10'000'000}, {8, 1'000'000}}));
  EXPECT_TRUE(uses_of(table).empty());
}

TEST(RateTable, what_other_servers_admitted_counts_here_too) {
  RateTable table(64);
  table.take(7, kLimit, kNow);
  uses_of(table);
  table.take(7, kLimit, kNow);  // after the exchange began
  table.merge(7, kNow.ms * 1000 + 6'000'000);
  EXPECT_EQ(table.take(7, kLimit, kNow).remaining, 2u);
  table.merge(7, kNow.ms * 1000);
  EXPECT_EQ(table.take(7, kLimit, kNow).remaining, 1u) << "an older answer takes nothing back";
}

}  // namespace
}  // namespace kontor
