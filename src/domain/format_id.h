#pragma once
// The formats of packages. The numbers are stored; they are never reused.
#include <cstdint>
#include <string_view>

namespace kontor {

enum class FormatId : std::uint8_t { npm = 1, ori = 2, progy = 3 };

constexpr std::string_view to_string(FormatId id) {
  switch (id) {
    case FormatId::npm: return "npm";
    case FormatId::ori: return "ori";
    case FormatId::progy: return "progy";
  }
  return "";
}

}  // namespace kontor
