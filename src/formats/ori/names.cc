// The same grammar for both parts of a name.
#include "formats/ori/names.h"

#include <algorithm>
#include <array>

namespace kontor::ori {
namespace {

constexpr std::array<std::string_view, 11> kReserved = {
    "test", "tests", "example", "examples", "internal", "private",
    "temp", "tmp",   "build",   "dist",     "out"};

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

// The broken rule, empty where there is none.
std::string_view fault_of(std::string_view part) {
  if (part.empty()) return "a package is named @scope/name, and neither part is empty";
  if (!std::ranges::all_of(part, [](char c) { return is_alphanumeric(c) || c == '-'; }))
    return "scopes and names are made of a-z, 0-9 and hyphens";
  if (part.front() == '-' || part.back() == '-' || part.contains("--"))
    return "hyphens stand alone between letters or digits";
  return {};
}

bool is_reserved(std::string_view part) {
  return part.starts_with("std") || std::ranges::find(kReserved, part) != kReserved.end();
}

}  // namespace

Result<PackageName> parse_name(std::string_view scope, std::string_view name) {
  if (scope.starts_with('@')) scope.remove_prefix(1);
  for (const auto part : {scope, name})
    if (const auto fault = fault_of(part); !fault.empty())
      return fail(Code::invalid_name, std::string(fault));
  PackageName out{std::string(scope), std::string(name)};
  if (out.full().size() > kMaxNameLength)
    return fail(Code::invalid_name, "a package name with its scope has at most 64 characters");
  for (const auto part : {scope, name})
    if (is_reserved(part))
      return fail(Code::reserved_name,
                  "The name " + std::string(part) + " is reserved; choose another one.");
  return out;
}

Result<PackageName> parse_full_name(std::string_view full) {
  const auto slash = full.find('/');
  if (!full.starts_with('@') || slash == full.npos)
    return fail(Code::invalid_name, "a package is named @scope/name");
  return parse_name(full.substr(0, slash), full.substr(slash + 1));
}

Result<Version> parse_strict_version(std::string_view text) {
  auto version = parse_exact_version(text);
  if (!version) return version;
  if (!version->build.empty())
    return fail(Code::invalid_version, "a version has no build metadata; leave out what follows +");
  return version;
}

bool comes_before(const std::string& a, const std::string& b) {
  return sort_order(parse_version(a).value_or(Version{}), parse_version(b).value_or(Version{})) < 0;
}

bool is_stable(const std::string& version) {
  return version.find('-') == version.npos;
}

}  // namespace kontor::ori
