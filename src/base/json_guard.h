#pragma once
// Bounds and grammar of JSON from strangers (RFC 8259, stricter where parsers are known to differ).
// Refused besides bad grammar: a byte order mark, invalid UTF-8, unpaired surrogate escapes, a key
// twice in one object (by any spelling), numbers of a magnitude from 1e308 up.
#include "base/bytes.h"
#include "base/error.h"

#include <cstdint>

namespace kontor {

struct JsonLimits {
  std::uint64_t max_bytes = 1u << 20;
  std::uint32_t max_depth = 64;        // arrays and objects open at once
  std::uint32_t max_values = 250'000;  // values of any kind; a parsed value costs up to 64 bytes
  std::uint32_t max_key_bytes = 1024;  // one key, its escapes decoded
};

// Accepts one JSON value with white space around it. Fails with invalid_json, or with too_large
// where a count or size is over its limit. What it accepts, nlohmann's parser accepts too.
Result<void> check_json(ByteView text, const JsonLimits& limits = {});

}  // namespace kontor
