#pragma once
// npm's rules for package names (row NPM-15), and the names that would stand in the way of our own
// paths (D-01). User names have a rule of their own: domain/user_name.h.
#include "base/error.h"
#include "domain/package_name.h"

#include <cstddef>
#include <span>
#include <string_view>

namespace kontor::npm {

inline constexpr std::size_t kMaxNameLength = 214;  // of the full name

// The rules for publishing. `full` is "base" or "@scope/base", already percent-decoded. Each part
// is of a-z 0-9 . _ -, begins with a letter or digit, and is neither node_modules nor favicon.ico.
// `invalid_name` says which rule is broken. Names reserved at the root are legal here.
Result<PackageName> parse_package_name(std::string_view full);

// The rules for reading: all of the above, and what the registry once let pass (upper case, any of
// ~!*'(), scoped bases that begin with _ or -). `not_found` for names no package can have.
Result<PackageName> parse_lookup_name(std::string_view full);

// First path segments the server keeps for itself; one that ends in * stands for all it begins.
std::span<const std::string_view> reserved_first_segments();
// Such a package can be published and read below a path prefix (/npm/) only; at the root the answer
// is `reserved_name`. Scoped names are never reserved.
bool is_reserved_at_root(const PackageName& name);

}  // namespace kontor::npm
