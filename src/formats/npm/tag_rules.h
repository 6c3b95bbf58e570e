#pragma once
// npm's rules for the names of dist-tags (row NPM-07).
#include "base/error.h"

#include <cstddef>
#include <string_view>

namespace kontor::npm {

inline constexpr std::size_t kMaxTagLength = 214;

// `invalid_tag`, saying which rule is broken: a tag is not empty, not longer than kMaxTagLength, of
// characters that stand in a URL unescaped, not . or .. (which URLs swallow), no version range
// (clients would never look for it), and no name that every JavaScript object already has.
Result<void> check_tag(std::string_view tag);

}  // namespace kontor::npm
