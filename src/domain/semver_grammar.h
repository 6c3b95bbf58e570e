#pragma once
// The words of node-semver's grammar, for semver.cc and the range parser: which stretch of text is
// a number, a prerelease, build metadata, a whole or a partial version. No backtracking: every
// function reads each character a constant number of times. Length limits are node-semver's.
#include "domain/semver.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kontor::semver_grammar {

inline constexpr std::uint64_t kMaxComponent = 9007199254740991;  // 2^53 - 1
inline constexpr std::size_t kMaxVersionLength = 256;             // UTF-16 units, spaces counted

// The parts of a version as they stand in the text; they borrow it. In a partial version absent
// parts are empty and a part may be a wildcard.
struct Parts {
  std::string_view major, minor, patch;
  std::string_view prerelease;  // without its hyphen
  std::string_view build;       // without its plus sign
};

// True for an absent part and for x, X and *.
bool is_wildcard(std::string_view part);
bool is_digits(std::string_view text);      // one or more of 0-9
double as_double(std::string_view digits);  // ECMAScript's number; at most 300 digits

// The text with each white-space character of ECMAScript (some are not ASCII) as one ' '. Borrows
// `text` where nothing changes, else `storage`.
std::string_view flatten_spaces(std::string_view text, std::string& storage);
std::string_view trim_spaces(std::string_view text);  // ' ' only
bool is_prefix_char(char c);                          // may stand before a version: v = space

// Each matches the whole text or nothing. `match_version` takes three numbers (strict: after at
// most one v; loose: after any of "v= "), `match_partial` one to three numbers or wildcards after
// any of "v= ". Values and the total length are not checked here.
std::optional<Parts> match_version(std::string_view text, Grammar grammar);
std::optional<Parts> match_partial(std::string_view text, Grammar grammar);

// Where the version or partial version that begins at `at` ends; `at` where none begins.
std::size_t operand_end(std::string_view text, std::size_t at);
// Where the build metadata that begins at `at` ends, whatever its length; `at` where none begins.
std::size_t unbounded_build_end(std::string_view text, std::size_t at);

}  // namespace kontor::semver_grammar
