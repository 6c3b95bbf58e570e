// Evaluation is pure.
#include "registry/advisories/lookup.h"

#include <algorithm>
#include <iterator>
#include <set>

namespace kontor {
namespace {

std::optional<std::weak_ordering> no_order(std::string_view, std::string_view) {
  return std::nullopt;
}

VersionOrder order_of(const Format* format) {
  return format && format->order ? format->order : no_order;
}

// Which of two records of one hole speaks for both: the reviewed database before the bare number.
int rank_of(const std::string& id) {
  if (id.starts_with("MAL-")) return 0;
  if (id.starts_with("GHSA-")) return 1;
  return id.starts_with("CVE-") ? 3 : 2;
}

std::set<std::string> names_of(const AdvisoryHead& head) {
  std::set<std::string> names(head.aliases.begin(), head.aliases.end());
  names.insert(head.id);
  return names;
}

bool meet(const std::set<std::string>& a, const std::set<std::string>& b) {
  return std::ranges::any_of(a, [&](const auto& name) { return b.contains(name); });
}

struct Group {
  std::set<std::string> names;
  PackageAdvisory advisory;
};

void take_in(Group& group, Group other) {
  AdvisoryHead& head = group.advisory.head;
  head.malicious = head.malicious || other.advisory.head.malicious;
  head.severity = std::max(head.severity, other.advisory.head.severity);
  if (head.vector.empty()) {
    head.vector = other.advisory.head.vector;
    head.score = other.advisory.head.score;
  }
  group.names.merge(other.names);
  std::ranges::move(other.advisory.affected, std::back_inserter(group.advisory.affected));
}

// Malicious ones first, then the severe; ids decide what is left.
bool comes_first(const PackageAdvisory& a, const PackageAdvisory& b) {
  if (a.head.malicious != b.head.malicious) return a.head.malicious;
  if (a.head.severity != b.head.severity) return a.head.severity > b.head.severity;
  return a.head.id < b.head.id;
}

}  // namespace

const Format* format_of(std::span<const Format* const> formats, std::string_view ecosystem) {
  for (const Format* format : formats)
    if (!format->ecosystem.empty() && format->ecosystem == ecosystem) return format;
  return nullptr;
}

const Format* format_of(std::span<const Format* const> formats, FormatId id) {
  for (const Format* format : formats)
    if (format->id == id) return format;
  return nullptr;
}

Task<KnownAdvisories> known_about(AdvisoryStore& store, AdvisorySubject subject) {
  const auto about = co_await store.about(std::move(subject));
  KnownAdvisories known{about.mark, {}};
  for (const Bytes& text : about.texts)
    known.advisories.push_back(co_await parse_package_advisory(text));
  co_return known;
}

Task<AdvisoriesByName> known_about_each(AdvisoryStore& store, std::string ecosystem,
                                        std::vector<std::string> names) {
  std::ranges::sort(names);
  names.erase(std::unique(names.begin(), names.end()), names.end());
  AdvisoriesByName known;
  const auto texts = co_await store.about_each(std::move(ecosystem), std::move(names));
  for (const auto& [name, some] : texts)
    for (const Bytes& text : some) known[name].push_back(co_await parse_package_advisory(text));
  co_return known;
}

std::vector<PackageAdvisory> merge_aliases(std::vector<PackageAdvisory> advisories) {
  std::ranges::sort(advisories, [](const PackageAdvisory& a, const PackageAdvisory& b) {
    return std::pair(rank_of(a.head.id), a.head.id) < std::pair(rank_of(b.head.id), b.head.id);
  });
  std::vector<Group> groups;
  for (auto& advisory : advisories) {
    Group joined{names_of(advisory.head), std::move(advisory)};
    // A record may join groups that did not know of each other; the first speaks for all.
    for (auto group = groups.begin(); group != groups.end();) {
      if (!meet(group->names, joined.names)) {
        ++group;
        continue;
      }
      take_in(*group, std::move(joined));
      joined = std::move(*group);
      group = groups.erase(group);
    }
    groups.push_back(std::move(joined));
  }
  std::vector<PackageAdvisory> merged;
  for (Group& group : groups) {
    group.names.erase(group.advisory.head.id);
    group.advisory.head.aliases.assign(group.names.begin(), group.names.end());
    merged.push_back(std::move(group.advisory));
  }
  return merged;
}

std::vector<AdvisoryMatch> matches_of(const std::vector<PackageAdvisory>& advisories,
                                      const std::string& version, const Format* format) {
  const VersionOrder order = order_of(format);
  std::vector<PackageAdvisory> affecting;
  for (const auto& advisory : advisories)
    if (is_affected(advisory.affected, version, order)) affecting.push_back(advisory);
  affecting = merge_aliases(std::move(affecting));
  std::ranges::sort(affecting, comes_first);
  std::vector<AdvisoryMatch> matches;
  for (auto& advisory : affecting) {
    auto fixed = fixed_version(advisory.affected, version, order);
    matches.push_back({std::move(advisory), std::move(fixed)});
  }
  return matches;
}

}  // namespace kontor
