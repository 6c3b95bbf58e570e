// Events become intervals, intervals are united, and both ranges are read off them.
#include "formats/npm/advisory_range.h"

#include "domain/semver.h"

#include <list>
#include <vector>

namespace kontor::npm {
namespace {

using Kind = OsvEvent::Kind;

constexpr std::string_view kStart = "0";

// An empty begin comes before all versions, an empty end after all.
struct Interval {
  std::string begin;
  std::string end;
  bool closed = false;  // the end belongs to it
};

bool comes_before(const std::string& a, const std::string& b) {
  return *version_order(a, b) < 0;
}

// Of one range, by the same steps that is_affected() walks over its events.
void add_intervals(const OsvRange& range, std::list<Interval>& out) {
  std::optional<std::string> open;
  for (const OsvEvent& event :
       ordered_events(range, version_order).value_or(std::vector<OsvEvent>())) {
    const std::string version = event.version == kStart ? std::string() : event.version;
    if (event.kind == Kind::introduced && !open) open = version;
    const bool fixes = event.kind == Kind::fixed, ends = event.kind == Kind::last_affected;
    if (!open || (!fixes && !ends)) continue;
    // Nothing lies between a begin and a fix at the same place, or before all versions.
    const bool empty =
        version.empty() || (fixes && !open->empty() && !comes_before(*open, version));
    if (!empty) out.push_back({*open, version, ends});
    open.reset();
  }
  if (open) out.push_back({*open, {}, false});
}

bool begins_before(const Interval& a, const Interval& b) {
  if (a.begin.empty() || b.begin.empty()) return a.begin.empty() && !b.begin.empty();
  return comes_before(a.begin, b.begin);
}

// Whether no version lies between them; `a` does not begin after `b`.
bool touch(const Interval& a, const Interval& b) {
  return a.end.empty() || b.begin.empty() || !comes_before(a.end, b.begin);
}

bool ends_before(const Interval& a, const Interval& b) {
  if (a.end.empty()) return false;
  if (b.end.empty() || comes_before(a.end, b.end)) return true;
  return !comes_before(b.end, a.end) && !a.closed && b.closed;
}

// In order and apart from each other.
std::vector<Interval> intervals_of(std::span<const Affected> affected) {
  std::list<Interval> all;
  for (const Affected& entry : affected) {
    for (const OsvRange& range : entry.ranges) add_intervals(range, all);
    for (const auto& version : entry.versions)
      if (version_order(version, version)) all.push_back({version, version, true});
  }
  all.sort(begins_before);
  std::vector<Interval> out;
  for (const Interval& next : all) {
    if (out.empty() || !touch(out.back(), next)) {
      out.push_back(next);
    } else if (ends_before(out.back(), next)) {
      out.back().end = next.end;
      out.back().closed = next.closed;
    }
  }
  return out;
}

// Strict text for whatever loose text an advisory has.
std::string spelt(const std::string& version) {
  return without_build(parse_version_loose(version).value_or(Version{}));
}

std::string text_of(const Interval& interval) {
  if (interval.begin.empty() && interval.end.empty()) return "*";
  if (interval.begin == interval.end) return spelt(interval.begin);
  std::string text;
  if (!interval.begin.empty()) text = ">=" + spelt(interval.begin);
  if (interval.end.empty()) return text;
  return text + (text.empty() ? "" : " ") + (interval.closed ? "<=" : "<") + spelt(interval.end);
}

void add_alternative(std::string& range, const std::string& text) {
  range += (range.empty() ? "" : " || ") + text;
}

}  // namespace

std::optional<std::weak_ordering> version_order(std::string_view a, std::string_view b) {
  const auto first = parse_version_loose(a), second = parse_version_loose(b);
  if (!first || !second) return std::nullopt;
  return compare(*first, *second);
}

std::string vulnerable_range(std::span<const Affected> affected) {
  std::string range;
  for (const Interval& interval : intervals_of(affected)) add_alternative(range, text_of(interval));
  return range;
}

std::string patched_range(std::span<const Affected> affected) {
  std::string range;
  const auto intervals = intervals_of(affected);
  for (std::size_t i = 0; i < intervals.size(); ++i) {
    if (intervals[i].end.empty()) break;
    std::string text = (intervals[i].closed ? ">" : ">=") + spelt(intervals[i].end);
    if (i + 1 < intervals.size()) text += " <" + spelt(intervals[i + 1].begin);
    add_alternative(range, text);
  }
  return range.empty() ? "<0.0.0" : range;
}

}  // namespace kontor::npm
