// When a device may ask again, and how user codes are read.
#include "domain/device_login.h"

#include <gtest/gtest.h>

namespace kontor {
namespace {

constexpr Timestamp kStart{1'000'000};

DeviceLogin waiting() {
  DeviceLogin login;
  login.expires = kStart + minutes(15);
  login.interval = kDeviceInterval;
  return login;
}

TEST(DeviceLogin, polls_in_the_interval_wait_and_the_first_may_come_at_once) {
  auto login = waiting();
  for (const auto at : {seconds(0), seconds(5), seconds(10), Duration{14'100}})
    EXPECT_EQ(poll_device_login(login, kStart + at), DevicePoll::waiting) << at.ms;
  EXPECT_EQ(login.interval, kDeviceInterval);
}

TEST(DeviceLogin, each_poll_too_early_lengthens_the_interval_up_to_a_minute) {
  auto login = waiting();
  EXPECT_EQ(poll_device_login(login, kStart), DevicePoll::waiting);
  EXPECT_EQ(poll_device_login(login, kStart + seconds(1)), DevicePoll::too_early);
  EXPECT_EQ(login.interval, seconds(10));
  EXPECT_EQ(poll_device_login(login, kStart + seconds(6)), DevicePoll::too_early);
  EXPECT_EQ(login.interval, seconds(15));
  EXPECT_EQ(poll_device_login(login, kStart + seconds(15)), DevicePoll::waiting);
  for (int i = 0; i < 100; ++i) poll_device_login(login, kStart + seconds(16));
  EXPECT_EQ(login.interval, kLongestDeviceInterval);
  EXPECT_EQ(poll_device_login(login, kStart + seconds(75)), DevicePoll::waiting);
}

TEST(DeviceLogin, a_verdict_is_told_at_once_but_not_after_the_end) {
  for (const auto& [verdict, told] : {std::pair(DeviceVerdict::approved, DevicePoll::approved),
                                      std::pair(DeviceVerdict::denied, DevicePoll::denied)}) {
    auto login = waiting();
    poll_device_login(login, kStart);
    login.verdict = verdict;
    EXPECT_EQ(poll_device_login(login, kStart + seconds(1)), told);
    EXPECT_EQ(poll_device_login(login, login.expires), DevicePoll::expired);
  }
}

TEST(DeviceLogin, user_codes_are_read_as_people_type_them) {
  for (const auto* typed : {"WDJB-MJHT", "wdjbmjht", " wdjb mjht ", "W-D-J-B-MJHT"})
    EXPECT_EQ(normal_user_code(typed), "WDJBMJHT") << typed;
  for (const auto* typed : {"", "WDJB", "WDJB-MJHTT", "WDJB-MJHA", "WDJB_MJHT", "WDJB-MJH1"})
    EXPECT_FALSE(normal_user_code(typed)) << typed;
  EXPECT_EQ(shown_user_code("WDJBMJHT"), "WDJB-MJHT");
}

}  // namespace
}  // namespace kontor
