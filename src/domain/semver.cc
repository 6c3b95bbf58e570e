// Reading, ordering and printing of versions.
#include "domain/semver.h"

#include "domain/semver_grammar.h"

namespace kontor {
namespace {

using semver_grammar::as_double;
using semver_grammar::is_digits;

std::string_view without_leading_zeros(std::string_view digits) {
  while (digits.size() > 1 && digits[0] == '0') digits.remove_prefix(1);
  return digits;
}

std::optional<std::uint64_t> component(std::string_view digits) {
  digits = without_leading_zeros(digits);
  if (digits.size() > 16) return std::nullopt;
  std::uint64_t number = 0;
  for (char c : digits) number = number * 10 + static_cast<std::uint64_t>(c - '0');
  if (number > semver_grammar::kMaxComponent) return std::nullopt;
  return number;
}

std::vector<std::string> split_identifiers(std::string_view text) {
  std::vector<std::string> identifiers;
  while (!text.empty()) {
    const std::size_t dot = text.find('.');
    identifiers.emplace_back(text.substr(0, dot));
    text = dot == text.npos ? std::string_view() : text.substr(dot + 1);
  }
  return identifiers;
}

// Loose texts may hold leading zeros. node-semver drops them where it can hold the number exactly
// (below 2^53 - 1) and keeps the text elsewhere.
void drop_leading_zeros(std::vector<std::string>& identifiers) {
  for (std::string& identifier : identifiers) {
    if (identifier[0] != '0' || !is_digits(identifier)) continue;
    const auto number = component(identifier);
    if (number && *number < semver_grammar::kMaxComponent) identifier = std::to_string(*number);
  }
}

std::optional<Version> read_version(std::string_view text, Grammar grammar) {
  if (text.size() > semver_grammar::kMaxVersionLength * 3) return std::nullopt;
  std::string storage;
  text = semver_grammar::flatten_spaces(text, storage);
  if (text.size() > semver_grammar::kMaxVersionLength) return std::nullopt;
  const auto parts = semver_grammar::match_version(semver_grammar::trim_spaces(text), grammar);
  if (!parts) return std::nullopt;
  const auto major = component(parts->major);
  const auto minor = component(parts->minor);
  const auto patch = component(parts->patch);
  if (!major || !minor || !patch) return std::nullopt;
  Version version{*major, *minor, *patch, split_identifiers(parts->prerelease),
                  split_identifiers(parts->build)};
  drop_leading_zeros(version.prerelease);
  return version;
}

std::strong_ordering compare_digits(std::string_view a, std::string_view b) {
  a = without_leading_zeros(a);
  b = without_leading_zeros(b);
  const auto by_length = a.size() <=> b.size();
  return by_length != 0 ? by_length : a <=> b;
}

enum class Numbers { as_doubles, exact };

// Numeric identifiers come before the others and compare by value, the others by ASCII.
std::weak_ordering compare_identifiers(std::string_view a, std::string_view b, Numbers numbers) {
  const bool a_numeric = is_digits(a);
  const bool b_numeric = is_digits(b);
  if (a_numeric != b_numeric)
    return a_numeric ? std::weak_ordering::less : std::weak_ordering::greater;
  if (!a_numeric) return a <=> b;
  if (numbers == Numbers::exact) return compare_digits(a, b);
  const double x = as_double(a);
  const double y = as_double(b);
  if (x == y) return std::weak_ordering::equivalent;
  return x < y ? std::weak_ordering::less : std::weak_ordering::greater;
}

// The first identifiers whose texts differ decide; where all are the same, the longer list wins.
std::weak_ordering compare_lists(const std::vector<std::string>& a,
                                 const std::vector<std::string>& b, Numbers numbers) {
  for (std::size_t i = 0; i < a.size() && i < b.size(); ++i) {
    if (a[i] == b[i]) continue;
    const auto order = compare_identifiers(a[i], b[i], numbers);
    if (order != 0 || numbers == Numbers::as_doubles) return order;
  }
  return a.size() <=> b.size();
}

std::weak_ordering compare_with(const Version& a, const Version& b, Numbers numbers) {
  if (auto order = a.major <=> b.major; order != 0) return order;
  if (auto order = a.minor <=> b.minor; order != 0) return order;
  if (auto order = a.patch <=> b.patch; order != 0) return order;
  if (a.prerelease.empty() || b.prerelease.empty())
    return b.prerelease.size() <=> a.prerelease.size();  // a release comes after its prereleases
  return compare_lists(a.prerelease, b.prerelease, numbers);
}

std::string join(const std::vector<std::string>& identifiers) {
  std::string text;
  for (const std::string& identifier : identifiers) {
    if (!text.empty()) text += '.';
    text += identifier;
  }
  return text;
}

}  // namespace

Result<Version> parse_version(std::string_view text, Grammar grammar) {
  auto version = read_version(text, grammar);
  if (!version)
    return fail(Code::invalid_version,
                "not a semantic version: write it like 1.2.3, 1.2.3-beta.1 or 1.2.3+build");
  return *std::move(version);
}

Result<Version> parse_version_loose(std::string_view text) {
  return parse_version(text, Grammar::loose);
}

Result<Version> parse_exact_version(std::string_view text) {
  auto version = parse_version(text);
  if (version && to_string(*version) != text)
    return fail(Code::invalid_version,
                "the version must be written plainly, without spaces or a leading v");
  return version;
}

std::optional<std::string> clean(std::string_view text, Grammar grammar) {
  std::string storage;
  text = semver_grammar::trim_spaces(semver_grammar::flatten_spaces(text, storage));
  while (text.starts_with('=') || text.starts_with('v')) text.remove_prefix(1);
  const auto version = read_version(text, grammar);
  if (!version) return std::nullopt;
  return without_build(*version);
}

std::weak_ordering compare(const Version& a, const Version& b) {
  return compare_with(a, b, Numbers::as_doubles);
}

std::weak_ordering compare_build(const Version& a, const Version& b) {
  const auto order = compare(a, b);
  return order != 0 ? order : compare_lists(a.build, b.build, Numbers::as_doubles);
}

std::strong_ordering sort_order(const Version& a, const Version& b) {
  auto order = compare_with(a, b, Numbers::exact);
  if (order == 0) order = compare_lists(a.build, b.build, Numbers::exact);
  if (order < 0) return std::strong_ordering::less;
  if (order > 0) return std::strong_ordering::greater;
  if (auto by_text = a.prerelease <=> b.prerelease; by_text != 0) return by_text;
  return a.build <=> b.build;
}

std::string without_build(const Version& version) {
  std::string text = std::to_string(version.major) + "." + std::to_string(version.minor) + "." +
                     std::to_string(version.patch);
  if (!version.prerelease.empty()) text += "-" + join(version.prerelease);
  return text;
}

std::string to_string(const Version& version) {
  std::string text = without_build(version);
  if (!version.build.empty()) text += "+" + join(version.build);
  return text;
}

}  // namespace kontor
