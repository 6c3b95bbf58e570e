#pragma once
// Recognises programs for a machine by how their files begin. Row PRG-03.
#include "base/bytes.h"

#include <string_view>

namespace kontor {

inline constexpr std::size_t kProgramHead = 512;  // bytes of a file that are looked at

// "ELF", "PE" or "Mach-O"; empty: none of these. `head` is the file's beginning.
std::string_view program_kind(ByteView head);

}  // namespace kontor
