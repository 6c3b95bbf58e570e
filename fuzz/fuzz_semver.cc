// Versions and ranges: no crash, what is printed reads back the same, and the orders are orders.
// The input is a version and a range, separated by a line feed.
#include "base/check.h"
#include "domain/semver.h"
#include "domain/semver_range.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

namespace {

using kontor::check;
using kontor::Grammar;
using kontor::Range;
using kontor::RangeOptions;
using kontor::Version;

// A prerelease without its hyphen grows by one when it is printed, and may then be too long.
constexpr std::size_t kMaxLength = 256;

void check_version(const Version& version) {
  const std::string text = kontor::to_string(version);
  if (text.size() > kMaxLength) return;
  const auto again = kontor::parse_version_loose(text);
  check(again && *again == version, "a printed version does not read back the same");
  check(kontor::satisfies(version, *kontor::parse_range("=" + text, {Grammar::loose, true})),
        "a version does not satisfy the range of itself");
  check(kontor::clean(text, Grammar::loose) == kontor::without_build(version), "clean");
  check(compare(version, *again) == 0 && sort_order(version, *again) == 0, "order of equals");
}

void check_order(const Version& a, const Version& b) {
  check((compare(a, b) < 0) == (compare(b, a) > 0), "compare is not antisymmetric");
  check((sort_order(a, b) < 0) == (sort_order(b, a) > 0), "sort_order is not antisymmetric");
  check((sort_order(a, b) == 0) == (a == b), "sort_order is not total");
  check(compare(a, b) == 0 || compare(a, b) == sort_order(a, b), "the two orders disagree");
}

void check_range(const Range& range, const Version* version) {
  // Desugared, a range may have no text that is a range: loose comparators keep odd prereleases
  // and become longer. Where it has one, it means the same.
  const std::string text = to_string(range);
  const auto again = kontor::parse_range(text, range.options);
  if (!again) return;
  if (version)
    check(satisfies(*version, range) == satisfies(*version, *again), "desugaring changes matches");
  for (const auto& list : range.alternatives) {
    check(!list.empty(), "an empty alternative");
    for (const auto& comparator : list)
      if (comparator.version) check_version(*comparator.version);
  }
}

void check_strict_is_also_loose(std::string_view text) {
  const auto strict = kontor::parse_version(text);
  const auto loose = kontor::parse_version_loose(text);
  check(!strict || (loose && *strict == *loose), "loose reads a strict version otherwise");
  const auto exact = kontor::parse_exact_version(text);
  check(!exact || (strict && to_string(*exact) == text), "an exact version is not exact");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t line = std::min(input.find('\n'), input.size());
  const std::string_view version_text = input.substr(0, line);
  const std::string_view range_text = input.substr(std::min(line + 1, input.size()));

  check_strict_is_also_loose(version_text);
  check_strict_is_also_loose(range_text);
  const auto version = kontor::parse_version_loose(version_text);
  if (version) check_version(*version);
  const auto other = kontor::parse_version_loose(range_text);
  if (version && other) check_order(*version, *other);
  for (const bool include_prerelease : {false, true})
    for (const Grammar grammar : {Grammar::strict, Grammar::loose}) {
      const RangeOptions options{grammar, include_prerelease};
      if (const auto range = kontor::parse_range(range_text, options))
        check_range(*range, version ? &*version : nullptr);
    }
  check(kontor::is_range(range_text) == kontor::valid_range(range_text).has_value(), "is_range");
  return 0;
}
