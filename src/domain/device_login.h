#pragma once
// A login that is begun on a device and approved elsewhere, as a value: the OAuth 2.0 device grant
// (RFC 8628; row AUTH-11).
#include "base/digest.h"
#include "base/time.h"
#include "domain/ids.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kontor {

enum class DeviceVerdict : std::uint8_t { waiting, approved, denied };  // the numbers are stored

struct DeviceLogin {
  Sha256 id;                // of the device code, the secret of the program that asks
  Sha256 code;              // of the user code as normal_user_code() spells it
  std::string client_name;  // client_id, as that program stated it
  std::string client;       // client_group() of its address
  Timestamp expires;
  Duration interval;                // least time between two of its polls
  std::optional<Timestamp> polled;  // the newest one that was not too early
  DeviceVerdict verdict = DeviceVerdict::waiting;
  std::optional<UserId> user;  // who approved
};

enum class DevicePoll : std::uint8_t { waiting, too_early, approved, denied, expired };

inline constexpr Duration kDeviceInterval = seconds(5);      // at first
inline constexpr Duration kDeviceIntervalStep = seconds(5);  // added by each poll too early
inline constexpr Duration kLongestDeviceInterval = minutes(1);

// What a poll at `now` finds. Notes the poll in the login; one that is too early makes the interval
// longer and is not counted itself, so that who slows down is heard.
DevicePoll poll_device_login(DeviceLogin& login, Timestamp now);

// What a person types: eight letters without vowels, 34 bits.
inline constexpr std::size_t kUserCodeLength = 8;
inline constexpr std::string_view kUserCodeLetters = "BCDFGHJKLMNPQRSTVWXZ";

// Upper case, without hyphens and spaces. Nothing where no user code is written so.
std::optional<std::string> normal_user_code(std::string_view typed);
// As it is shown: WDJB-MJHT.
std::string shown_user_code(std::string_view normal);

}  // namespace kontor
