#pragma once
// One 512-byte tar header block: POSIX ustar, GNU and v7.
#include "base/bytes.h"
#include "base/error.h"

#include <cstdint>
#include <string>

namespace kontor {

inline constexpr std::size_t kTarBlock = 512;

struct TarHeader {
  std::string path;  // prefix and name joined
  std::uint64_t size = 0;
  char type = '0';
};

// `block` has kTarBlock bytes. Verifies the checksum; refuses fields that parsers read differently:
// bytes behind the NUL that ends a name, numbers with anything but digits, negative sizes.
Result<TarHeader> parse_tar_header(ByteView block);

bool is_zero_block(ByteView block);

}  // namespace kontor
