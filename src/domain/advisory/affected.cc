// The evaluation of the OSV schema, section affected[].ranges[].events.
#include "domain/advisory/affected.h"

#include <algorithm>
#include <list>

namespace kontor {
namespace {

using Kind = OsvEvent::Kind;

constexpr std::size_t kMostCandidates = 64;  // of fixes that are looked at

bool is_start(std::string_view version) {
  return version == "0";
}

// Versions of which "0" is before all others.
std::weak_ordering compare_events(const OsvEvent& a, const OsvEvent& b, VersionOrder order) {
  const bool a_first = is_start(a.version), b_first = is_start(b.version);
  if (a_first || b_first) return b_first <=> a_first;
  return order(a.version, b.version).value_or(std::weak_ordering::equivalent);
}

bool in_range(const OsvRange& range, std::string_view version, VersionOrder order) {
  const auto events = ordered_events(range, order);
  if (!events) return false;
  bool affected = false;
  for (const OsvEvent& event : *events) {
    const auto place =
        is_start(event.version) ? std::weak_ordering::greater : *order(version, event.version);
    if (event.kind == Kind::introduced && place >= 0) affected = true;
    if (event.kind == Kind::fixed && place >= 0) affected = false;
    if (event.kind == Kind::last_affected && place > 0) affected = false;
  }
  return affected;
}

bool lists(const Affected& entry, std::string_view version, VersionOrder order) {
  return std::ranges::any_of(entry.versions, [&](const std::string& listed) {
    if (listed == version) return true;
    const auto place = order(listed, version);
    return place && *place == 0;
  });
}

}  // namespace

std::optional<std::vector<OsvEvent>> ordered_events(const OsvRange& range, VersionOrder order) {
  if (range.type == OsvRange::Type::git) return std::nullopt;
  for (const OsvEvent& event : range.events)
    if (!is_start(event.version) && !order(event.version, event.version)) return std::nullopt;
  // A list sorts stably, and safely also where an ecosystem's order is none in the strict sense.
  std::list<OsvEvent> events(range.events.begin(), range.events.end());
  events.sort(
      [&](const OsvEvent& a, const OsvEvent& b) { return compare_events(a, b, order) < 0; });
  return std::vector<OsvEvent>(events.begin(), events.end());
}

bool is_affected(std::span<const Affected> affected, std::string_view version, VersionOrder order) {
  const bool ordered = order(version, version).has_value();
  return std::ranges::any_of(affected, [&](const Affected& entry) {
    if (lists(entry, version, order)) return true;
    return ordered && std::ranges::any_of(entry.ranges, [&](const OsvRange& range) {
             return in_range(range, version, order);
           });
  });
}

std::optional<std::string> fixed_version(std::span<const Affected> affected,
                                         std::string_view version, VersionOrder order) {
  std::list<std::string> candidates;
  for (const Affected& entry : affected)
    for (const OsvRange& range : entry.ranges)
      for (const OsvEvent& event : ordered_events(range, order).value_or(std::vector<OsvEvent>())) {
        if (event.kind != Kind::fixed || is_start(event.version)) continue;
        const auto place = order(event.version, version);
        if (place && *place > 0) candidates.push_back(event.version);
      }
  candidates.sort([&](const auto& a, const auto& b) { return *order(a, b) < 0; });
  std::size_t looked_at = 0;
  for (auto& candidate : candidates) {
    if (!is_affected(affected, candidate, order)) return std::move(candidate);
    if (++looked_at == kMostCandidates) break;
  }
  return std::nullopt;
}

std::optional<std::string> unordered_version(std::span<const Affected> affected,
                                             VersionOrder order) {
  for (std::size_t i = 0; i < affected.size(); ++i)
    for (std::size_t r = 0; r < affected[i].ranges.size(); ++r) {
      const OsvRange& range = affected[i].ranges[r];
      if (range.type == OsvRange::Type::git) continue;
      for (std::size_t e = 0; e < range.events.size(); ++e)
        if (const auto& text = range.events[e].version; !is_start(text) && !order(text, text))
          return "ranges[" + std::to_string(r) + "].events[" + std::to_string(e) + "]";
    }
  return std::nullopt;
}

}  // namespace kontor
