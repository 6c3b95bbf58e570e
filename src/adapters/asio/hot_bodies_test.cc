// Which bodies get files, and when they lose them.
#include "adapters/asio/hot_bodies.h"

#include <gtest/gtest.h>

#include <unistd.h>
#include <vector>

namespace kontor::net {
namespace {

SharedFd used(HotBodies& bodies, const SharedBytes& body, std::uint32_t times = HotBodies::kUses) {
  SharedFd file;
  for (std::uint32_t i = 0; i < times; ++i) file = bodies.file_of(body);
  return file;
}

std::string content_of(const SharedFd& file) {
  std::string out(HotBodies::kLargest + 1, '\0');
  const auto size = ::pread(file->get(), out.data(), out.size(), 0);
  out.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
  return out;
}

TEST(HotBodies, get_a_file_once_they_were_sent_some_times) {
  HotBodies bodies;
  const auto body = share(Bytes(60'000, 'x'));
  EXPECT_EQ(used(bodies, body, HotBodies::kUses - 1), nullptr);
  const auto file = bodies.file_of(body);
  ASSERT_NE(file, nullptr);
  EXPECT_EQ(content_of(file), *body);
  EXPECT_EQ(bodies.file_of(body), file);
  EXPECT_EQ(bodies.bytes(), 60'000u);
}

TEST(HotBodies, are_neither_small_nor_large) {
  HotBodies bodies;
  EXPECT_EQ(used(bodies, share(Bytes(HotBodies::kSmallest - 1, 'x'))), nullptr);
  EXPECT_EQ(used(bodies, share(Bytes(HotBodies::kLargest + 1, 'x'))), nullptr);
  EXPECT_NE(used(bodies, share(Bytes(HotBodies::kSmallest, 'x'))), nullptr);
  EXPECT_NE(used(bodies, share(Bytes(HotBodies::kLargest, 'x'))), nullptr);
}

TEST(HotBodies, leave_with_the_bodies_though_what_is_being_sent_stays) {
  HotBodies bodies;
  auto first = share(Bytes(50'000, 'a'));
  const auto file = used(bodies, first);
  first.reset();
  const auto second = share(Bytes(40'000, 'b'));  // where the first one lay, or elsewhere
  EXPECT_EQ(content_of(used(bodies, second)), *second);
  EXPECT_EQ(bodies.bytes(), 40'000u);
  EXPECT_EQ(content_of(file), Bytes(50'000, 'a'));
}

TEST(HotBodies, make_room_for_others_in_the_order_of_use) {
  HotBodies bodies;
  std::vector<SharedBytes> held;
  for (std::size_t i = 0; i < HotBodies::kBudget / HotBodies::kLargest; ++i) {
    held.push_back(share(Bytes(HotBodies::kLargest, 'x')));
    ASSERT_NE(used(bodies, held.back()), nullptr);
  }
  EXPECT_EQ(bodies.bytes(), HotBodies::kBudget);
  ASSERT_NE(bodies.file_of(held[0]), nullptr);
  const auto another = share(Bytes(30'000, 'y'));
  EXPECT_NE(used(bodies, another), nullptr);
  EXPECT_EQ(bodies.file_of(held[1]), nullptr);  // it is counted anew
  EXPECT_NE(bodies.file_of(held[0]), nullptr);
  EXPECT_LE(bodies.bytes(), HotBodies::kBudget);
}

TEST(HotBodies, are_not_counted_without_end) {
  HotBodies bodies;
  const auto hot = share(Bytes(30'000, 'h'));
  const auto file = used(bodies, hot);
  std::vector<SharedBytes> held;
  for (std::size_t i = 0; i + 2 < HotBodies::kMost; ++i) {
    held.push_back(share(Bytes(HotBodies::kSmallest, 'x')));
    bodies.file_of(held.back());
  }
  EXPECT_EQ(bodies.file_of(hot), file);
  for (std::size_t i = 0; i < HotBodies::kMost; ++i) {
    held.push_back(share(Bytes(HotBodies::kSmallest, 'x')));
    bodies.file_of(held.back());
  }
  EXPECT_EQ(bodies.bytes(), 0u);  // it was not sent for long
}

}  // namespace
}  // namespace kontor::net
