// The clock of the network is not exact: a poll that comes a little early is on time.
#include "domain/device_login.h"

#include <algorithm>

namespace kontor {
namespace {

constexpr Duration kTolerance = seconds(1);

}  // namespace

DevicePoll poll_device_login(DeviceLogin& login, Timestamp now) {
  if (login.expires <= now) return DevicePoll::expired;
  if (login.verdict == DeviceVerdict::denied) return DevicePoll::denied;
  if (login.verdict == DeviceVerdict::approved) return DevicePoll::approved;
  if (login.polled && now + kTolerance < *login.polled + login.interval) {
    login.interval =
        std::min(Duration{login.interval.ms + kDeviceIntervalStep.ms}, kLongestDeviceInterval);
    return DevicePoll::too_early;
  }
  login.polled = now;
  return DevicePoll::waiting;
}

std::optional<std::string> normal_user_code(std::string_view typed) {
  std::string code;
  for (char c : typed) {
    if (c == '-' || c == ' ') continue;
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    if (!kUserCodeLetters.contains(c) || code.size() == kUserCodeLength) return std::nullopt;
    code += c;
  }
  if (code.size() != kUserCodeLength) return std::nullopt;
  return code;
}

std::string shown_user_code(std::string_view normal) {
  const auto half = normal.size() / 2;
  return std::string(normal.substr(0, half)) + "-" + std::string(normal.substr(half));
}

}  // namespace kontor
