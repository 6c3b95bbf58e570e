#pragma once
// Names and versions of courses. Row PGC-01, source section 4.2.
#include "base/error.h"
#include "domain/package_name.h"

#include <string>
#include <string_view>

namespace kontor::progy {

inline constexpr std::size_t kMaxSlugLength = 63;

// "@user/slug": the user as accounts are named, the slug of a-z, 0-9 and hyphens, beginning with a
// letter or digit. invalid_name with a sentence otherwise.
Result<PackageName> parse_name(std::string_view full);
bool is_slug(std::string_view text);

// A semantic version as it stands, without white space or a leading v; invalid_version otherwise.
Result<std::string> parse_course_version(std::string_view text);

// Order and stability of versions that parse_course_version() took.
bool comes_before(const std::string& a, const std::string& b);
bool is_stable(const std::string& version);

// "slug-1.0.0.progy", as downloads are called.
std::string artifact_file_name(std::string_view package, std::string_view version);

}  // namespace kontor::progy
