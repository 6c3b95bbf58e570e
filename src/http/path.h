#pragma once
// The raw path of a request as safe segments. Splitting comes before decoding, so that an encoded
// slash never makes a segment.
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace kontor::http {

// Splits "/a/b%2fc" into {"a", "b/c"}: decoded once, valid UTF-8, without control characters,
// backslash, "." or ".." (also inside a decoded segment: "x/../y"). At most 16 segments.
// A trailing slash makes no segment; an empty segment in the middle is refused.
Result<std::vector<std::string>> split_path(std::string_view raw_path);

}  // namespace kontor::http
