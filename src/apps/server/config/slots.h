#pragma once
// How the table of keys finds a field of a Config, and the names of the enumerations in it. Part of
// keys.cc.
#include "apps/server/config/keys.h"

namespace kontor::config {

inline constexpr std::array<std::string_view, 6> kLogLevels = {"trace", "debug", "info",
                                                        "warn",  "error", "off"};
inline constexpr std::array<std::string_view, 2> kLogFormats = {"json", "text"};
inline constexpr std::array<std::string_view, 4> kAuthTypes = {"token", "basic", "none", "jwt"};
inline constexpr std::array<std::string_view, 2> kAccess = {"public", "restricted"};
inline constexpr std::array<std::string_view, 2> kCollisions = {"refuse", "allow"};
inline constexpr std::array<std::string_view, 3> kPrograms = {"allow", "warn", "reject"};
inline constexpr std::array<std::string_view, 3> kSigners = {"separate", "inside", "external"};

template <class T>
Slot to_slot(T& value) {
  return &value;
}
template <class E>
Slot to_choice(E& value, std::span<const std::string_view> names) {
  static_assert(sizeof(E) == 1);
  return ChoiceSlot{reinterpret_cast<std::uint8_t*>(&value), names};
}
inline Slot to_slot(LogLevel& value) {
  return to_choice(value, kLogLevels);
}
inline Slot to_slot(LogFormat& value) {
  return to_choice(value, kLogFormats);
}
inline Slot to_slot(AuthType& value) {
  return to_choice(value, kAuthTypes);
}
inline Slot to_slot(PackageAccess& value) {
  return to_choice(value, kAccess);
}
inline Slot to_slot(SignerProcess& value) {
  return to_choice(value, kSigners);
}
inline Slot to_slot(ProgramsInCourses& value) {
  return to_choice(value, kPrograms);
}
inline Slot to_slot(NameCollisions& value) {
  return to_choice(value, kCollisions);
}

// at<&Config::listen, &ListenConfig::port> finds the field in a Config.
template <auto... Members>
Slot at(Config& config) {
  return to_slot((config.*....*Members));
}

}  // namespace kontor::config
