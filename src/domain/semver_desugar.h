#pragma once
// The rewriting steps between the text of one alternative of a range and its comparators, as
// node-semver defines them: hyphen ranges, spaces after operators, then ^, ~ and x-ranges. The
// steps map text to text because the grammar is defined that way (the output of one step is input
// to the next, and words that none of them understands must come through unchanged).
#include "domain/semver_range.h"

#include <string>
#include <string_view>

namespace kontor::semver_grammar {

// Whole alternatives. White space has already become single spaces.
std::string strip_build(std::string_view text);  // "1.2.3+b <2" -> "1.2.3 <2"
// "1.2 - 3" -> ">=1.2.0 <4.0.0-0"; any other text as it is.
std::string desugar_hyphen(std::string_view text, const RangeOptions& options);
std::string join_operators(std::string_view text);  // "> 1.2.3 ~> 2" -> ">1.2.3 ~2"

// One word to comparators with spaces between. Each returns a word of another kind as it is.
std::string desugar_word(std::string_view word, const RangeOptions& options);

// Splits "<", "<=", ">", ">=" or "=" off the front of a word; may be empty.
std::string_view take_operator(std::string_view& word);

}  // namespace kontor::semver_grammar
