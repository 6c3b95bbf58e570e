#pragma once
// Entry bundles of C2SP tlog-tiles: the entries of one level-0 tile, each with its length as 16
// bits, big endian, before it.
#include "base/bytes.h"
#include "base/error.h"

#include <cstdint>
#include <vector>

namespace kontor::tlog {

inline constexpr std::size_t kMaxEntryBytes = 0xffff;

// too_large where the entry is over kMaxEntryBytes; nothing is added then.
Result<void> append_entry(Bytes& bundle, ByteView entry);

// Exactly `width` entries, 1 to 256, borrowed from `bundle`. bad_request where they are fewer or
// more, or the last one is cut.
Result<std::vector<ByteView>> parse_bundle(ByteView bundle, std::uint32_t width);

}  // namespace kontor::tlog
