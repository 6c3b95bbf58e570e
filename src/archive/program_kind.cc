// Magic numbers, told from those of other formats by what follows them.
#include "archive/program_kind.h"

#include <cstdint>

namespace kontor {
namespace {

std::uint32_t big_endian(ByteView bytes, std::size_t at) {
  std::uint32_t out = 0;
  for (std::size_t i = 0; i < 4; ++i) out = out << 8 | static_cast<unsigned char>(bytes[at + i]);
  return out;
}

// "MZ", and the place of "PE\0\0" at 0x3c; one beyond the head is believed.
bool is_pe(ByteView head) {
  constexpr std::size_t kPlace = 0x3c;
  if (!head.starts_with("MZ") || head.size() < kPlace + 4) return false;
  const std::uint64_t at = __builtin_bswap32(big_endian(head, kPlace));
  if (at + 4 <= head.size()) return head.substr(at, 4) == ByteView("PE\0\0", 4);
  return head.size() == kProgramHead && at < 1u << 20;
}

// A class file of Java begins like a Mach-O file for several machines, whose count is small.
bool is_mach(ByteView head) {
  if (head.size() < 8) return false;
  switch (big_endian(head, 0)) {
    case 0xfeedface:
    case 0xfeedfacf:
    case 0xcefaedfe:
    case 0xcffaedfe:
      return true;
    case 0xcafebabe:
    case 0xcafebabf:
      return big_endian(head, 4) < 40;
    default:
      return false;
  }
}

}  // namespace

std::string_view program_kind(ByteView head) {
  if (head.starts_with("\x7f"
                       "ELF"))
    return "ELF";
  if (is_pe(head)) return "PE";
  if (is_mach(head)) return "Mach-O";
  return {};
}

}  // namespace kontor
