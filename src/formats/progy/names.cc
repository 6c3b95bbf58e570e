// Both parts of a name by their own rule.
#include "formats/progy/names.h"

#include "domain/semver.h"
#include "domain/user_name.h"

#include <algorithm>

namespace kontor::progy {
namespace {

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

}  // namespace

bool is_slug(std::string_view text) {
  return !text.empty() && text.size() <= kMaxSlugLength && is_alphanumeric(text.front()) &&
         std::ranges::all_of(text, [](char c) { return is_alphanumeric(c) || c == '-'; });
}

Result<PackageName> parse_name(std::string_view full) {
  const auto slash = full.find('/');
  if (!full.starts_with('@') || slash == full.npos)
    return fail(Code::invalid_name, "a course is named @username/slug");
  const auto user = full.substr(1, slash - 1), slug = full.substr(slash + 1);
  if (!is_user_name(user))
    return fail(Code::invalid_name,
                "what stands between @ and / must be a user name: a-z, 0-9, '-', '_' and '.'");
  if (!is_slug(slug))
    return fail(
        Code::invalid_name,
        "the slug is made of a-z, 0-9 and hyphens, begins with a letter or digit and has at "
        "most 63 characters");
  return PackageName{std::string(user), std::string(slug)};
}

Result<std::string> parse_course_version(std::string_view text) {
  auto version = parse_exact_version(text);
  if (!version) return fail(version);
  return to_string(*version);
}

bool comes_before(const std::string& a, const std::string& b) {
  return sort_order(parse_version(a).value_or(Version{}), parse_version(b).value_or(Version{})) < 0;
}

bool is_stable(const std::string& version) {
  return version.substr(0, version.find('+')).find('-') == version.npos;
}

std::string artifact_file_name(std::string_view package, std::string_view version) {
  return std::string(package.substr(package.find('/') + 1)) + "-" + std::string(version) + ".progy";
}

}  // namespace kontor::progy
