// The name grammar: split at the slash, then the same rule for both parts.
#include "formats/npm/name_rules.h"

#include "base/encoding.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

namespace kontor::npm {
namespace {

constexpr std::array<std::string_view, 17> kReservedFirstSegments = {
    "-",   "v1",   "registry", "cdn", "npm", "private", "project-*", "_search",
    "log", "auth", "git",      "api", "ui",  "billing", "health",    "metrics", "device"};

// Folders and files that tools make beside packages.
constexpr std::array<std::string_view, 2> kForbidden = {"node_modules", "favicon.ico"};

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}
bool is_new_char(char c) {
  return is_alphanumeric(c) || c == '.' || c == '_' || c == '-';
}
// What encodeURIComponent leaves as it is.
bool is_old_char(char c) {
  return is_new_char(c) || (c >= 'A' && c <= 'Z') || std::string_view("~!*'()").contains(c);
}

// "@scope/base" or "base"; nothing where the slashes do not fit.
std::optional<PackageName> split(std::string_view full) {
  if (!full.starts_with('@')) return PackageName{"", std::string(full)};
  const std::size_t slash = full.find('/');
  if (slash == full.npos || slash == 1) return std::nullopt;
  return PackageName{std::string(full.substr(1, slash - 1)), std::string(full.substr(slash + 1))};
}

// The broken rule, empty where there is none.
std::string_view fault_of_new_part(std::string_view part) {
  if (part.empty()) return "a package name cannot be empty";
  if (!std::ranges::all_of(part, is_new_char))
    return "a package name is made of a-z, 0-9, '.', '_' and '-' only; a scope is written "
           "@scope/name";
  if (!is_alphanumeric(part.front()))
    return "a package name and its scope must begin with a letter or digit";
  if (std::ranges::find(kForbidden, part) != kForbidden.end())
    return "node_modules and favicon.ico cannot be package names";
  return {};
}

bool is_old_part(std::string_view part) {
  return !part.empty() && std::ranges::all_of(part, is_old_char) && part.front() != '.' &&
         part != "-" && std::ranges::find(kForbidden, to_lower_ascii(part)) == kForbidden.end();
}

}  // namespace

Result<PackageName> parse_package_name(std::string_view full) {
  if (full.size() > kMaxNameLength)
    return fail(Code::invalid_name, "a package name has at most 214 characters");
  auto name = split(full);
  if (!name) return fail(Code::invalid_name, "a scoped package name is written @scope/name");
  std::string_view fault = fault_of_new_part(name->base);
  if (fault.empty() && name->scoped()) fault = fault_of_new_part(name->scope);
  if (!fault.empty()) return fail(Code::invalid_name, std::string(fault));
  return *std::move(name);
}

Result<PackageName> parse_lookup_name(std::string_view full) {
  auto name = split(full);
  const bool possible = name && full.size() <= kMaxNameLength && is_old_part(name->base) &&
                        (name->scoped() ? is_old_part(name->scope)
                                        : name->base.front() != '_' && name->base.front() != '-');
  if (!possible) return fail(Code::not_found, "no package can have this name");
  return *std::move(name);
}

std::span<const std::string_view> reserved_first_segments() {
  return kReservedFirstSegments;
}

bool is_reserved_at_root(const PackageName& name) {
  if (name.scoped()) return false;
  return std::ranges::any_of(kReservedFirstSegments, [&](std::string_view reserved) {
    if (!reserved.ends_with('*')) return name.base == reserved;
    return name.base.starts_with(reserved.substr(0, reserved.size() - 1));
  });
}

}  // namespace kontor::npm
