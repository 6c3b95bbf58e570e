#pragma once
// Ori's rules for names and versions. Rows ORI-01, D-06.
#include "base/error.h"
#include "domain/package_name.h"
#include "domain/semver.h"

#include <string_view>

namespace kontor::ori {

inline constexpr std::size_t kMaxNameLength = 64;  // of "@scope/name"

// `scope` with or without '@'. Both parts are of a-z, 0-9 and single hyphens inside. invalid_name
// says which rule is broken; reserved_name where a part is one of the language's own.
Result<PackageName> parse_name(std::string_view scope, std::string_view name);
// "@scope/name".
Result<PackageName> parse_full_name(std::string_view full);

// N.N.N or N.N.N-<prerelease>, without build metadata, leading zeros or a v.
Result<Version> parse_strict_version(std::string_view text);

bool comes_before(const std::string& a, const std::string& b);  // both are versions
bool is_stable(const std::string& version);

}  // namespace kontor::ori
