#pragma once
// Version ranges as node-semver understands them: || of lists of comparators, written with
// ^ ~ ~> - x * < <= > >= =. A range is a value: lists of comparators, all desugared.
#include "base/error.h"
#include "domain/semver.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kontor {

struct RangeOptions {
  Grammar grammar = Grammar::strict;  // loose also drops comparators it cannot read
  bool include_prerelease = false;    // prereleases match like any other version
};

enum class Operator { equal, less, less_equal, greater, greater_equal };

struct Comparator {
  Operator op = Operator::equal;
  std::optional<Version> version;  // nothing: every version matches
  bool operator==(const Comparator&) const = default;
};

struct Range {
  RangeOptions options;
  std::vector<std::vector<Comparator>> alternatives;  // at least one, none of them empty
};

inline constexpr std::size_t kMaxRangeLength = 16 * 1024;  // bytes
inline constexpr std::size_t kMaxAlternatives = 1024;

// `bad_request` where the text is no range, or over the limits above. Time and memory are linear in
// the length of the text.
Result<Range> parse_range(std::string_view text, RangeOptions options = {});

// A prerelease satisfies a list of comparators only if one of them names a prerelease of the same
// major.minor.patch, unless the range includes prereleases.
bool satisfies(const Version& version, const Range& range);
bool satisfies(std::string_view version, std::string_view range, RangeOptions options = {});

// The index of the highest or lowest version that satisfies the range; of several equal ones the
// first. Texts that are no versions (by the range's grammar) never satisfy it.
std::optional<std::size_t> max_satisfying(std::span<const std::string> versions,
                                          const Range& range);
std::optional<std::size_t> min_satisfying(std::span<const std::string> versions,
                                          const Range& range);
std::optional<std::size_t> max_satisfying(std::span<const Version> versions, const Range& range);
std::optional<std::size_t> min_satisfying(std::span<const Version> versions, const Range& range);

// The desugared range, e.g. ">=1.2.0 <2.0.0-0||3.0.0"; "*" where every version matches.
std::string to_string(const Range& range);
// The same of a text; nothing where it is no range.
std::optional<std::string> valid_range(std::string_view text, RangeOptions options = {});
// Whether npm would read the text as a range rather than as a dist-tag. The empty text is a range.
bool is_range(std::string_view text);

}  // namespace kontor
