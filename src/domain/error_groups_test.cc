#include "domain/error_groups.h"

#include <gtest/gtest.h>

namespace kontor {
namespace {

constexpr Timestamp kNow{1'800'000'000'000};

Error disk(std::string cause) {
  return {Code::storage_failed, {}, std::move(cause)};
}

TEST(ErrorGroups, failures_that_differ_in_numbers_and_digests_are_one_group) {
  ErrorGroups book;
  book.add("r1", disk("write of 512 bytes to blob 00ff00ff00ff00ff failed: errno 28"), kNow);
  book.add("r2", disk("write of 77 bytes to blob abcdef0123456789 failed: errno 5"),
           kNow + seconds(9));
  book.add("r3", disk("database is locked"), kNow + seconds(3));
  const auto groups = book.list();
  ASSERT_EQ(groups.size(), 2u);
  EXPECT_EQ(groups[0].count, 2u);
  EXPECT_EQ(groups[0].first, kNow);
  EXPECT_EQ(groups[0].last, kNow + seconds(9));
  EXPECT_EQ(groups[0].requests, (std::vector<std::string>{"r2", "r1"}));
  EXPECT_EQ(groups[0].cause, "write of 77 bytes to blob abcdef0123456789 failed: errno 5");
  EXPECT_EQ(groups[1].cause, "database is locked");
}

TEST(ErrorGroups, a_group_is_found_by_its_id_and_by_its_requests) {
  ErrorGroups book;
  book.add("request-7", disk("away"), kNow);
  const auto group = book.list()[0];
  EXPECT_EQ(book.find(group.id), group);
  EXPECT_EQ(book.find("request-7"), group);
  EXPECT_FALSE(book.find("request-8"));
  book.clear();
  EXPECT_FALSE(book.find(group.id));
}

TEST(ErrorGroups, memory_stays_bounded) {
  ErrorGroups book;
  for (std::size_t i = 0; i <= 2 * ErrorGroups::kRequests; ++i)
    book.add("r" + std::to_string(i), disk("same"), kNow);
  EXPECT_EQ(book.list()[0].requests.size(), ErrorGroups::kRequests);
  EXPECT_EQ(book.list()[0].requests[0], "r400");
  std::string cause;
  for (std::size_t i = 0; i < 2 * ErrorGroups::kGroups; ++i)
    book.add("x", disk(cause += 'z'), kNow + seconds(static_cast<std::int64_t>(i) + 1));
  EXPECT_EQ(book.list().size(), ErrorGroups::kGroups);
  EXPECT_FALSE(book.find("r400")) << "what was not seen for longest went first";
}

TEST(ErrorGroups, what_was_restored_goes_on) {
  ErrorGroups old, now;
  old.add("r1", disk("same"), kNow);
  now.restore(old.list());
  now.add("r2", disk("same"), kNow + seconds(1));
  EXPECT_EQ(now.list()[0].count, 2u);
  EXPECT_EQ(now.list()[0].first, kNow);
}

}  // namespace
}  // namespace kontor
