#pragma once
// What the registry does about affected versions: the operator's rules, and the findings they lead
// to. Row ORI-21.
#include "domain/advisory/osv.h"

#include <map>
#include <set>

namespace kontor {

// In rising order; of several the strongest counts.
enum class Measure : std::uint8_t {
  warn,        // say so wherever the version is shown
  block,       // refuse the publish of such a version, too
  quarantine,  // keep what is published, but serve no such version
};

std::string_view to_string(Measure measure);

// "GHSA/critical=block": a source (what stands before the first hyphen of an id, or *), a level (a
// severity, "malicious", or *), and what to do.
struct AdvisoryRule {
  std::string source;  // empty: any
  std::string level;   // empty: any
  Measure measure = Measure::warn;
  bool operator==(const AdvisoryRule&) const = default;
};
// Nothing where the text is no rule.
std::optional<AdvisoryRule> parse_advisory_rule(std::string_view text);

// That of the first rule that fits; where none does, malicious packages are quarantined and all
// others warned about.
Measure measure_for(std::span<const AdvisoryRule> rules, const AdvisoryHead& head);

// An advisory that affects versions of a package here.
struct Finding {
  std::string summary;
  std::string url;
  Severity severity = Severity::unknown;
  bool malicious = false;
  Measure measure = Measure::warn;
  std::set<std::string> versions;           // affected ones that are here
  std::map<std::string, std::string> tags;  // that named versions in quarantine, to be put back
  bool operator==(const Finding&) const = default;
};

// Of one package, by advisory.
using Findings = std::map<std::string, Finding>;

// Ids of the advisories about this version, worst first.
std::vector<std::string> advisories_of(const Findings& findings, const std::string& version);
// The strongest measure about this version, and the advisory that asks for it; nothing where the
// version is not affected.
struct Verdict {
  Measure measure = Measure::warn;
  std::string advisory;
};
std::optional<Verdict> verdict_on(const Findings& findings, const std::string& version);

// The stored form, which is also the one in documents: {"GHSA-...": {"summary": ..., "url": ...,
// "severity": ..., "malicious": ..., "measure": ..., "versions": [...], "tags": {...}}}. Empty
// where there are none.
Bytes print_findings(const Findings& findings);
// storage_failed where the text is not of that form.
Result<Findings> parse_findings(ByteView text);

}  // namespace kontor
