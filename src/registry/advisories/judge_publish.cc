// The version itself, then what it depends on.
#include "registry/advisories/lookup.h"
#include "registry/advisories/scan.h"

#include <algorithm>

namespace kontor {
namespace {

constexpr std::size_t kMaxDependencies = 1000;  // that are looked up
constexpr std::size_t kMaxWarnings = 20;

std::string named(const std::string& id, const Finding& finding) {
  return id + " (" +
         (finding.malicious ? std::string("malicious") : std::string(to_string(finding.severity))) +
         ")";
}

std::unexpected<Error> blocked(const std::string& what, const std::string& advisory) {
  return fail(Code::advisory_blocked, advisory + " affects " + what +
                                          ", and the rules of this registry refuse such versions.");
}

// What the findings of the package become with the new version among them.
Findings joined(Findings findings, const Findings& found) {
  for (const auto& [id, finding] : found) {
    auto versions = finding.versions;
    auto& place = findings[id];
    versions.merge(place.versions);
    auto tags = std::move(place.tags);
    place = finding;
    place.versions = std::move(versions);
    place.tags = std::move(tags);
  }
  return findings;
}

Task<SetFindings> findings_with(AdvisoryPorts ports, std::optional<PackageRecord> package,
                                const Findings& found, const Publication& publication) {
  const auto& version = publication.version.version;
  SetFindings op;
  Findings findings;
  if (package) {
    findings = co_await parse_findings(co_await ports.packages.findings(package->id));
    for (auto& state : co_await ports.packages.versions(package->id))
      if (state.quarantined) op.quarantined.push_back(std::move(state.version));
  }
  findings = joined(std::move(findings), found);
  const auto verdict = verdict_on(found, version);
  if (verdict && verdict->measure == Measure::quarantine) {
    op.quarantined.push_back(version);
    for (const auto& tag : publication.tags) findings[verdict->advisory].tags[tag] = version;
  }
  op.findings = print_findings(findings);
  co_return op;
}

// Versions that would be installed for a dependency: the one it names, or those that are here.
Task<std::vector<std::string>> candidates(AdvisoryPorts ports, const Format& format,
                                          Dependency dependency) {
  std::vector<std::string> out;
  if (format.order(dependency.requirement, dependency.requirement)) {
    out.push_back(dependency.requirement);
    co_return out;
  }
  const auto package = co_await ports.packages.find({format.id, dependency.name});
  if (!package || package->visibility != Visibility::open) co_return out;
  for (auto& state : co_await ports.packages.versions(package->id))
    if (!state.quarantined && format.takes(dependency.requirement, state.version))
      out.push_back(std::move(state.version));
  co_return out;
}

// A warning, empty where the dependency is fine.
Task<std::string> judge_dependency(AdvisoryPorts ports, const Format& format, Dependency dependency,
                                   std::vector<PackageAdvisory> known) {
  const auto versions = co_await candidates(ports, format, dependency);
  const auto findings = find_affected(known, versions, format, ports.settings.rules);
  if (findings.empty()) co_return std::string();
  std::size_t affected = 0, refused = 0;
  for (const auto& version : versions) {
    const auto verdict = verdict_on(findings, version);
    if (verdict) ++affected;
    if (verdict && verdict->measure != Measure::warn) ++refused;
  }
  const auto what = dependency.name + "@" + dependency.requirement;
  if (refused == versions.size())
    co_return blocked("every version of the dependency " + what, findings.begin()->first);
  std::string text = affected == versions.size() ? "every version" : "a version";
  text += " that the dependency " + what + " takes is affected by ";
  std::size_t count = 0;
  for (const auto& [id, finding] : findings) text += (count++ ? ", " : "") + named(id, finding);
  co_return text;
}

}  // namespace

Task<PublishVerdict> judge_publish(AdvisoryPorts ports, std::optional<PackageRecord> package,
                                   const Publication& publication) {
  PublishVerdict out;
  const Format* format = format_of(ports.formats, publication.key.format);
  if (!format || !format->order) co_return out;
  const std::string ecosystem(format->ecosystem);
  const auto known = co_await known_about(ports.store, {ecosystem, publication.key.name});
  out.demand = IfAdvisories{ecosystem, known.mark};

  const auto& version = publication.version.version;
  const auto found = find_affected(known.advisories, {version}, *format, ports.settings.rules);
  const auto verdict = verdict_on(found, version);
  const auto what = publication.key.name + "@" + version;
  if (verdict && verdict->measure == Measure::block) co_return blocked(what, verdict->advisory);
  out.quarantined = verdict && verdict->measure == Measure::quarantine;
  for (const auto& [id, finding] : found)
    out.warnings.push_back(named(id, finding) + " affects " + what +
                           (out.quarantined ? ", which is kept in quarantine" : ""));
  if (verdict) {
    out.findings = co_await findings_with(ports, package, found, publication);
    out.advisory = verdict->advisory;
  }
  if (!format->dependencies_of) co_return out;
  auto dependencies = format->dependencies_of(publication.version.manifest);
  dependencies.resize(std::min(dependencies.size(), kMaxDependencies));
  std::vector<std::string> names;
  for (const auto& dependency : dependencies) names.push_back(dependency.name);
  const auto of_names = co_await known_about_each(ports.store, ecosystem, std::move(names));
  for (auto& dependency : dependencies) {
    const auto advisories = of_names.find(dependency.name);
    if (advisories == of_names.end()) continue;
    auto warning =
        co_await judge_dependency(ports, *format, std::move(dependency), advisories->second);
    if (!warning.empty() && out.warnings.size() < kMaxWarnings)
      out.warnings.push_back(std::move(warning));
  }
  co_return out;
}

}  // namespace kontor
