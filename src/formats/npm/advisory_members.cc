// Small trees, made only for packages that an advisory affects.
#include "formats/npm/advisory_members.h"

#include "formats/npm/fragment.h"

namespace kontor::npm {
namespace {

std::string reason_for(const std::string& id, const Finding& finding) {
  return id + (finding.summary.empty() ? "" : " (" + finding.summary + ")") +
         (finding.url.empty() ? "" : ", see " + finding.url);
}

Json restrictions_in(const std::string& name, const Findings& findings) {
  Json versions = Json::object();
  std::string message;
  for (const auto& [id, finding] : findings) {
    if (finding.measure != Measure::quarantine) continue;
    message += (message.empty() ? "This registry keeps versions in quarantine because of " : "; ") +
               reason_for(id, finding);
    for (const auto& version : finding.versions)
      versions[version] = {{"name", name}, {"version", version}};
  }
  if (versions.empty()) return nullptr;
  return {{"message", message}, {"versions", std::move(versions)}};
}

Json shown(const Findings& findings) {
  Json out = Json::object();
  for (const auto& [id, finding] : findings)
    out[id] = {{"summary", finding.summary},
               {"url", finding.url},
               {"severity", to_string(finding.severity)},
               {"malicious", finding.malicious},
               {"measure", to_string(finding.measure)},
               {"versions", finding.versions}};
  return out;
}

}  // namespace

Bytes advisory_members(const std::string& name, const Findings& findings, Form form) {
  Bytes out;
  if (findings.empty()) return out;
  if (form == Form::full) out += ",\"_advisories\":" + to_text(shown(findings));
  const Json restrictions = restrictions_in(name, findings);
  if (!restrictions.is_null()) out += ",\"policyRestrictions\":" + to_text(restrictions);
  return out;
}

Error quarantine_error(const std::string& name, const std::string& version,
                       const Findings& findings) {
  std::string reasons;
  for (const auto& [id, finding] : findings)
    if (finding.measure == Measure::quarantine && finding.versions.contains(version))
      reasons += (reasons.empty() ? " because of " : "; ") + reason_for(id, finding);
  return {Code::quarantined,
          name + "@" + version + " is in quarantine" + reasons + "; use another version.",
          {}};
}

}  // namespace kontor::npm
