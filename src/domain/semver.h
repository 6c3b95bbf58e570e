#pragma once
// Semantic versions (SemVer 2.0.0) read, ordered and printed as node-semver does. The texts are
// hostile input: longer than 256 characters or a number above 2^53 - 1 is not a version.
#include "base/error.h"

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kontor {

// `strict` is SemVer 2.0.0 after white space and one leading v. `loose` also takes what old
// packages hold: leading v, = and spaces, leading zeros, a prerelease without its hyphen.
enum class Grammar { strict, loose };

struct Version {
  std::uint64_t major = 0;
  std::uint64_t minor = 0;
  std::uint64_t patch = 0;
  std::vector<std::string> prerelease;  // identifiers; empty: a release
  std::vector<std::string> build;

  // Same text. compare() is the question whether one comes before the other.
  bool operator==(const Version&) const = default;
};

// `invalid_version` where the text is not a version.
Result<Version> parse_version(std::string_view text, Grammar grammar = Grammar::strict);
Result<Version> parse_version_loose(std::string_view text);
// For texts that are stored and must be equal to what they mean: no white space, no v.
Result<Version> parse_exact_version(std::string_view text);
// The version without build in text that may begin with several = and v, as people write it.
std::optional<std::string> clean(std::string_view text, Grammar grammar = Grammar::strict);

// node-semver's `compare` and `compareBuild`. Build metadata counts in the second alone. Neither
// is fit for sorting: numeric identifiers from 2^53 on compare as IEEE doubles, so that two that
// differ may be equivalent, and what follows them is not looked at.
std::weak_ordering compare(const Version& a, const Version& b);
std::weak_ordering compare_build(const Version& a, const Version& b);
// A total order for sorting and for keys. Wherever compare() finds a difference this finds the
// same one; the rest it decides by exact numbers, then build metadata, then text.
std::strong_ordering sort_order(const Version& a, const Version& b);

std::string to_string(const Version& version);      // with build metadata
std::string without_build(const Version& version);  // as node-semver prints a version

}  // namespace kontor
