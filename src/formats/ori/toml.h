#pragma once
// The dialect of TOML that oripk.toml is written in: TOML 1.0, and in addition keys of the form
// @scope/name without quotes, and inside tables of dependencies lines that are a bare key
// ("std.json"), which stand for `true`. Row ORI-02.
#include "base/bytes.h"
#include "base/json.h"

#include <cstdint>

namespace kontor::ori {

struct TomlLimits {
  std::size_t max_bytes = 256 * 1024;
  std::uint32_t max_depth = 16;    // tables and arrays inside each other
  std::uint32_t max_keys = 4'096;  // in all; a tree of them is searched member by member
};

// The document as a tree; dates and times are texts as they are spelt. bad_request with the line
// where the text is no such document, too_large over a limit.
Result<Json> parse_toml(ByteView text, const TomlLimits& limits = {});

}  // namespace kontor::ori
