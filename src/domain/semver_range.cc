// Parsing, matching and printing of ranges.
#include "domain/semver_range.h"

#include "domain/semver_desugar.h"
#include "domain/semver_grammar.h"

#include <algorithm>
#include <set>

namespace kontor {
namespace {

using Comparators = std::vector<Comparator>;

constexpr std::string_view kNothing = "<0.0.0-0";  // the comparator that no version satisfies

Operator operator_of(std::string_view text) {
  if (text == "<") return Operator::less;
  if (text == "<=") return Operator::less_equal;
  if (text == ">") return Operator::greater;
  if (text == ">=") return Operator::greater_equal;
  return Operator::equal;
}

std::string_view text_of(Operator op) {
  switch (op) {
    case Operator::equal:
      return "";
    case Operator::less:
      return "<";
    case Operator::less_equal:
      return "<=";
    case Operator::greater:
      return ">";
    case Operator::greater_equal:
      return ">=";
  }
  return "";
}

std::string text_of(const Comparator& comparator) {
  if (!comparator.version) return "";
  return std::string(text_of(comparator.op)) + without_build(*comparator.version);
}

// Whether the word has the form of a comparator. Its numbers may yet be too large.
bool looks_like_comparator(std::string_view word, Grammar grammar) {
  if (word.empty()) return true;
  semver_grammar::take_operator(word);
  return semver_grammar::match_version(word, grammar).has_value();
}

std::optional<Comparator> parse_comparator(std::string_view word, Grammar grammar) {
  if (word.empty()) return Comparator{};
  const Operator op = operator_of(semver_grammar::take_operator(word));
  auto version = parse_version(word, grammar);
  if (!version) return std::nullopt;
  return Comparator{op, *std::move(version)};
}

// Splits at runs of spaces; a space at either end leaves an empty word there.
std::vector<std::string> split_words(std::string_view text) {
  std::vector<std::string> words;
  while (true) {
    const std::size_t space = text.find(' ');
    words.emplace_back(text.substr(0, space));
    if (space == text.npos) return words;
    text.remove_prefix(std::min(text.find_first_not_of(' ', space), text.size()));
  }
}

// All words of one alternative, desugared to plain comparators.
std::vector<std::string> desugared_words(std::string_view text, const RangeOptions& options) {
  std::string plain = semver_grammar::strip_build(text);
  plain = semver_grammar::desugar_hyphen(plain, options);
  plain = semver_grammar::join_operators(plain);
  std::string desugared;
  for (std::string_view rest = plain;;) {
    const std::size_t space = rest.find(' ');
    desugared += semver_grammar::desugar_word(rest.substr(0, space), options);
    if (space == rest.npos) break;
    desugared += ' ';
    rest.remove_prefix(space + 1);
  }
  std::vector<std::string> words = split_words(desugared);
  const std::string_view lowest = options.include_prerelease ? ">=0.0.0-0" : ">=0.0.0";
  for (std::string& word : words)
    if (word == lowest) word.clear();  // bounds nothing
  return words;
}

// Nothing where the text is no range. An empty list where the loose grammar dropped all of it.
std::optional<Comparators> parse_alternative(std::string_view text, const RangeOptions& options) {
  Comparators comparators;
  std::set<std::string> seen;
  bool bounded = false;
  for (const std::string& word : desugared_words(text, options)) {
    if (options.grammar == Grammar::loose && !looks_like_comparator(word, Grammar::loose)) continue;
    auto comparator = parse_comparator(word, options.grammar);
    if (!comparator) return std::nullopt;
    bounded = bounded || comparator->version.has_value();
    if (seen.insert(text_of(*comparator)).second) comparators.push_back(*std::move(comparator));
  }
  if (seen.contains(std::string(kNothing)))
    return Comparators{*parse_comparator(kNothing, Grammar::strict)};
  if (bounded) std::erase_if(comparators, [](const Comparator& c) { return !c.version; });
  return comparators;
}

// Leaves out alternatives that match nothing, and all others beside one that matches everything.
void simplify(std::vector<Comparators>& alternatives) {
  if (alternatives.size() < 2) return;
  const auto matches_nothing = [](const Comparators& list) {
    return text_of(list.front()) == kNothing;
  };
  const auto matches_all = [](const Comparators& list) {
    return list.size() == 1 && !list.front().version;
  };
  Comparators first = alternatives.front();
  std::erase_if(alternatives, matches_nothing);
  if (alternatives.empty()) alternatives.push_back(std::move(first));
  const auto all = std::ranges::find_if(alternatives, matches_all);
  if (all != alternatives.end()) alternatives.assign(1, Comparators{Comparator{}});
}

bool satisfies(const Version& version, const Comparator& comparator) {
  if (!comparator.version) return true;
  const auto order = compare(version, *comparator.version);
  switch (comparator.op) {
    case Operator::equal:
      return order == 0;
    case Operator::less:
      return order < 0;
    case Operator::less_equal:
      return order <= 0;
    case Operator::greater:
      return order > 0;
    case Operator::greater_equal:
      return order >= 0;
  }
  return false;
}

bool names_prerelease_of(const Comparator& comparator, const Version& version) {
  return comparator.version && !comparator.version->prerelease.empty() &&
         comparator.version->major == version.major && comparator.version->minor == version.minor &&
         comparator.version->patch == version.patch;
}

bool satisfies_all(const Version& version, const Comparators& list, const RangeOptions& options) {
  for (const Comparator& comparator : list)
    if (!satisfies(version, comparator)) return false;
  if (version.prerelease.empty() || options.include_prerelease) return true;
  return std::ranges::any_of(
      list, [&](const Comparator& comparator) { return names_prerelease_of(comparator, version); });
}

// Keeps the best of the versions it is shown.
struct Best {
  const Range& range;
  std::weak_ordering wanted;  // how a better version compares to the best so far
  std::optional<Version> version = std::nullopt;
  std::optional<std::size_t> index = std::nullopt;

  void consider(const Version& candidate, std::size_t at) {
    if (!satisfies(candidate, range)) return;
    if (version && compare(candidate, *version) != wanted) return;
    version = candidate;
    index = at;
  }
};

std::optional<std::size_t> best(std::span<const std::string> versions, Best best) {
  for (std::size_t i = 0; i < versions.size(); ++i)
    if (auto version = parse_version(versions[i], best.range.options.grammar))
      best.consider(*version, i);
  return best.index;
}

std::optional<std::size_t> best(std::span<const Version> versions, Best best) {
  for (std::size_t i = 0; i < versions.size(); ++i) best.consider(versions[i], i);
  return best.index;
}

}  // namespace

Result<Range> parse_range(std::string_view text, RangeOptions options) {
  const auto refuse = [] {
    return fail(Code::bad_request, "not a version range: write it like ^1.2.3, ~1.2 or >=1 <3");
  };
  if (text.size() > kMaxRangeLength) return refuse();
  std::string storage;
  std::string_view rest =
      semver_grammar::trim_spaces(semver_grammar::flatten_spaces(text, storage));
  std::string collapsed;
  for (char c : rest)
    if (c != ' ' || !collapsed.ends_with(' ')) collapsed += c;
  rest = collapsed;

  Range range{options, {}};
  for (std::size_t count = 0; count < kMaxAlternatives; ++count) {
    const std::size_t bars = rest.find("||");
    auto list = parse_alternative(semver_grammar::trim_spaces(rest.substr(0, bars)), options);
    if (!list) return refuse();
    if (!list->empty()) range.alternatives.push_back(*std::move(list));
    if (bars == rest.npos) {
      if (range.alternatives.empty()) return refuse();
      simplify(range.alternatives);
      return range;
    }
    rest.remove_prefix(bars + 2);
  }
  return refuse();
}

bool satisfies(const Version& version, const Range& range) {
  return std::ranges::any_of(range.alternatives, [&](const Comparators& list) {
    return satisfies_all(version, list, range.options);
  });
}

bool satisfies(std::string_view version, std::string_view range, RangeOptions options) {
  const auto parsed_range = parse_range(range, options);
  const auto parsed_version = parse_version(version, options.grammar);
  return parsed_range && parsed_version && satisfies(*parsed_version, *parsed_range);
}

std::optional<std::size_t> max_satisfying(std::span<const std::string> versions,
                                          const Range& range) {
  return best(versions, {range, std::weak_ordering::greater});
}
std::optional<std::size_t> min_satisfying(std::span<const std::string> versions,
                                          const Range& range) {
  return best(versions, {range, std::weak_ordering::less});
}
std::optional<std::size_t> max_satisfying(std::span<const Version> versions, const Range& range) {
  return best(versions, {range, std::weak_ordering::greater});
}
std::optional<std::size_t> min_satisfying(std::span<const Version> versions, const Range& range) {
  return best(versions, {range, std::weak_ordering::less});
}

std::string to_string(const Range& range) {
  std::string text;
  for (const Comparators& list : range.alternatives) {
    if (&list != &range.alternatives.front()) text += "||";
    for (const Comparator& comparator : list) {
      if (&comparator != &list.front()) text += ' ';
      text += text_of(comparator);
    }
  }
  return text.empty() ? "*" : text;
}

std::optional<std::string> valid_range(std::string_view text, RangeOptions options) {
  const auto range = parse_range(text, options);
  if (!range) return std::nullopt;
  return to_string(*range);
}

bool is_range(std::string_view text) {
  return parse_range(text).has_value();
}

}  // namespace kontor
