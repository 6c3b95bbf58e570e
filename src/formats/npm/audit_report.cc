// Field by field as the clients read them.
#include "formats/npm/audit_report.h"

#include "base/sha256.h"
#include "formats/npm/advisory_range.h"
#include "registry/advisories/answers.h"

#include <map>

namespace kontor::npm {
namespace {

constexpr std::size_t kMaxPaths = 100;  // shown of one version
constexpr int kNumberBytes = 6;         // 48 bits: exact in JavaScript

std::string title_of(const AdvisoryHead& head) {
  if (!head.summary.empty()) return head.summary;
  return (head.malicious ? "Malicious package: " : "Vulnerability: ") + head.id;
}

Json cvss_of(const AdvisoryHead& head) {
  return {{"score", head.score.value_or(0)},
          {"vectorString", head.vector.empty() ? Json(nullptr) : Json(head.vector)}};
}

Json cves_of(const AdvisoryHead& head) {
  Json cves = Json::array();
  if (head.id.starts_with("CVE-")) cves.push_back(head.id);
  for (const auto& alias : head.aliases)
    if (alias.starts_with("CVE-")) cves.push_back(alias);
  return cves;
}

Json findings_of(const std::vector<AuditPath>& paths) {
  std::map<std::string, Json> by_version;
  for (const AuditPath& place : paths) {
    Json& list = by_version.try_emplace(place.version, Json::array()).first->second;
    if (list.size() < kMaxPaths) list.push_back(place.path);
  }
  Json findings = Json::array();
  for (auto& [version, list] : by_version)
    findings.push_back({{"version", version}, {"paths", std::move(list)}});
  return findings;
}

}  // namespace

std::uint64_t advisory_number(std::string_view id) {
  const auto digest = sha256(id);
  std::uint64_t number = 0;
  for (int i = 0; i < kNumberBytes; ++i) number = number << 8 | digest.bytes[i];
  return number;
}

std::string_view audit_severity(const AdvisoryHead& head) {
  if (head.malicious) return "critical";
  return to_string(head.severity == Severity::unknown ? Severity::high : head.severity);
}

Json bulk_entry(const PackageAdvisory& advisory, std::string_view origin) {
  const AdvisoryHead& head = advisory.head;
  return {{"id", advisory_number(head.id)},
          {"url", page_of(head, origin)},
          {"title", title_of(head)},
          {"severity", audit_severity(head)},
          {"vulnerable_versions", vulnerable_range(advisory.affected)},
          {"cwe", head.cwes},
          {"cvss", cvss_of(head)}};
}

Json tree_entry(const PackageAdvisory& advisory, const std::string& module,
                const std::vector<AuditPath>& paths, std::string_view origin) {
  const AdvisoryHead& head = advisory.head;
  const auto patched = patched_range(advisory.affected);
  Json out = bulk_entry(advisory, origin);
  out["module_name"] = module;
  out["findings"] = findings_of(paths);
  out["patched_versions"] = patched;
  out["cves"] = cves_of(head);
  out["github_advisory_id"] = head.id.starts_with("GHSA-") ? Json(head.id) : Json(nullptr);
  out["overview"] = title_of(head);
  out["recommendation"] = patched == "<0.0.0" ? "No fix is known; remove the package."
                                              : "Upgrade to version " + patched + ".";
  out["references"] = page_of(head, origin);
  out["access"] = "public";
  return out;
}

}  // namespace kontor::npm
