// One look at the package, one plan, one change on exactly that state.
#include "registry/advisories/scan.h"

#include "registry/advisories/lookup.h"
#include "registry/log/log_notes.h"
#include "registry/retry.h"

#include <algorithm>

namespace kontor {
namespace {

constexpr std::uint32_t kPage = 256;

using Tags = std::map<std::string, std::string>;

// The package as it is, and what it shall be.
struct Scan {
  const Format* format = nullptr;
  PackageRecord package;
  std::vector<VersionState> versions;
  Findings before, after;
  std::uint64_t mark = 0;

  std::optional<std::string> quarantine_of(const std::string& version) const {
    const auto verdict = verdict_on(after, version);
    if (!verdict || verdict->measure != Measure::quarantine) return std::nullopt;
    return verdict->advisory;
  }
  bool changes() const {
    return before != after || std::ranges::any_of(versions, [&](const VersionState& state) {
             return state.quarantined != quarantine_of(state.version).has_value();
           });
  }
  std::vector<std::string> served() const {
    std::vector<std::string> out;
    for (const auto& state : versions)
      if (!quarantine_of(state.version)) out.push_back(state.version);
    return out;
  }
  bool is_here(const std::string& version) const {
    return std::ranges::find(versions, version, &VersionState::version) != versions.end();
  }
};

// Tags that name versions in quarantine are kept with the finding and put back afterwards.
void hold(Scan& scan, const std::string& tag, const std::string& version) {
  if (const auto advisory = scan.quarantine_of(version)) scan.after[*advisory].tags[tag] = version;
}

Tags held_tags(const Findings& findings) {
  Tags held;
  for (const auto& [id, finding] : findings) held.insert(finding.tags.begin(), finding.tags.end());
  return held;
}

// The tags after the change; what they named and shall not name now is held.
Tags plan_tags(Scan& scan) {
  Tags tags;
  for (const auto& [tag, version] : scan.package.tags) {
    if (scan.quarantine_of(version))
      hold(scan, tag, version);
    else
      tags[tag] = version;
  }
  for (const auto& [tag, version] : held_tags(scan.before)) {
    if (!scan.is_here(version)) continue;
    if (scan.quarantine_of(version)) {
      hold(scan, tag, version);
      continue;
    }
    const auto now = tags.find(tag);
    if (now == tags.end() || (tag == "latest" && scan.format->comes_before(now->second, version)))
      tags[tag] = version;
  }
  const auto served = scan.served();
  if (!tags.contains("latest") && !served.empty())
    tags["latest"] = highest_version(*scan.format, served);
  return tags;
}

Actor scanner() {
  Actor actor;
  actor.principal.name = "scanner";
  return actor;
}

void note_versions(const Scan& scan, PackageChange& change, LogNotes& notes,
                   SetFindings& findings) {
  for (const auto& state : scan.versions) {
    const auto advisory = scan.quarantine_of(state.version);
    if (advisory) findings.quarantined.push_back(state.version);
    if (advisory.has_value() == state.quarantined) continue;
    if (advisory)
      notes.quarantined(state.version, *advisory);
    else
      notes.released(state.version);
    change.audit.push_back(audit_entry(scanner(), advisory ? "quarantine" : "release", change.key,
                                       state.version, advisory.value_or("")));
  }
}

Task<PackageChange> change_for(AdvisoryPorts ports, Scan scan) {
  const Tags tags = plan_tags(scan);
  PackageChange change{
      .key = scan.package.key,
      .at = ports.clock.now(),
      .if_revision = scan.package.revision,
      .if_advisories = IfAdvisories{std::string(scan.format->ecosystem), scan.mark}};
  LogNotes notes(scanner(), change.key, scan.package.visibility);
  SetFindings findings{print_findings(scan.after), {}};
  note_versions(scan, change, notes, findings);
  change.ops.push_back(std::move(findings));
  for (const auto& [tag, version] : scan.package.tags)
    if (!tags.contains(tag)) {
      change.ops.push_back(RemoveTag{tag});
      notes.tagged(tag, std::nullopt);
    }
  for (const auto& [tag, version] : tags) {
    const auto now = scan.package.tags.find(tag);
    if (now != scan.package.tags.end() && now->second == version) continue;
    change.ops.push_back(SetTag{tag, version});
    notes.tagged(tag, version);
    if (tag != "latest") continue;
    const auto record = co_await ports.packages.find_version(scan.package.id, version);
    if (!record) co_return fail(Code::conflict);
    change.ops.push_back(PutSearchEntry{scan.format->search_entry(*record)});
  }
  change.log = std::move(notes).take();
  co_return change;
}

Task<bool> try_scan(AdvisoryPorts ports, PackageKey key) {
  Scan scan{.format = format_of(ports.formats, key.format)};
  if (!scan.format || !scan.format->order) co_return false;
  const AdvisorySubject subject{std::string(scan.format->ecosystem), key.name};
  const auto known = co_await known_about(ports.store, subject);
  scan.mark = known.mark;
  const auto package = co_await ports.packages.find(key);
  bool changed = false;
  if (package) {
    scan.package = *package;
    scan.versions = co_await ports.packages.versions(package->id);
    scan.before = co_await parse_findings(co_await ports.packages.findings(package->id));
    std::vector<std::string> numbers;
    for (const auto& state : scan.versions) numbers.push_back(state.version);
    scan.after = find_affected(known.advisories, numbers, *scan.format, ports.settings.rules);
    for (const auto& [tag, version] : held_tags(scan.before)) hold(scan, tag, version);
    changed = scan.changes();
    if (changed) {
      auto change = co_await change_for(ports, std::move(scan));
      co_await ports.packages.apply(std::move(change));
    }
  }
  co_await ports.store.scanned(key, subject, known.mark);
  co_return changed;
}

std::string rules_text(const std::vector<AdvisoryRule>& rules) {
  std::string text;
  for (const AdvisoryRule& rule : rules)
    text += rule.source + "/" + rule.level + "=" + std::string(to_string(rule.measure)) + "\n";
  return text;
}

}  // namespace

Findings find_affected(const std::vector<PackageAdvisory>& advisories,
                       const std::vector<std::string>& versions, const Format& format,
                       const std::vector<AdvisoryRule>& rules) {
  Findings findings;
  if (!format.order) return findings;
  for (const PackageAdvisory& advisory : merge_aliases(advisories)) {
    const AdvisoryHead& head = advisory.head;
    Finding finding{head.summary, head.url, head.severity, head.malicious,
                    measure_for(rules, head)};
    for (const auto& version : versions)
      if (is_affected(advisory.affected, version, format.order)) finding.versions.insert(version);
    if (!finding.versions.empty()) findings.emplace(head.id, std::move(finding));
  }
  return findings;
}

Task<bool> scan_package(AdvisoryPorts ports, PackageKey key) {
  return retry_on_conflict([ports, key] { return try_scan(ports, key); });
}

Task<std::size_t> scan_waiting(AdvisoryPorts ports) {
  std::size_t changed = 0;
  std::vector<PackageKey> last;
  for (;;) {
    auto page = co_await ports.store.waiting(kPage);
    // What waits again at once was overtaken by other advisories; whoever brought them scans it.
    if (page.empty() || page == last) co_return changed;
    for (const auto& key : page)
      if (co_await scan_package(ports, key)) ++changed;
    last = std::move(page);
  }
}

Task<std::size_t> keep_scanned(AdvisoryPorts ports) {
  co_await ports.store.apply_rules(rules_text(ports.settings.rules));
  co_return co_await scan_waiting(ports);
}

}  // namespace kontor
