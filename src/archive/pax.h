#pragma once
// Records of a pax extended header (POSIX.1-2001 pax, "length key=value\n").
#include "base/bytes.h"
#include "base/error.h"

#include <cstdint>
#include <optional>
#include <string>

namespace kontor {

// The records that change what an entry is; all others are skipped.
struct PaxRecords {
  std::optional<std::string> path;
  std::optional<std::uint64_t> size;
  bool has_linkpath = false;
};

// Refuses what parsers read differently: wrong lengths, a key of these three twice or without a
// value, line ends inside a value (some readers split lines first), and GNU's sparse records.
Result<PaxRecords> parse_pax(ByteView content);

}  // namespace kontor
