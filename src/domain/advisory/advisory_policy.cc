// Rules in order, findings by advisory.
#include "domain/advisory/advisory_policy.h"

#include <algorithm>
#include <array>

namespace kontor {
namespace {

constexpr std::array<std::string_view, 3> kMeasures = {"warn", "block", "quarantine"};
constexpr std::string_view kMalicious = "malicious";

std::optional<Measure> parse_measure(std::string_view text) {
  const auto found = std::ranges::find(kMeasures, text);
  if (found == kMeasures.end()) return std::nullopt;
  return static_cast<Measure>(found - kMeasures.begin());
}

std::string_view source_of(std::string_view id) {
  return id.substr(0, id.find('-'));
}

bool fits(const AdvisoryRule& rule, const AdvisoryHead& head) {
  if (!rule.source.empty() && rule.source != source_of(head.id)) return false;
  if (rule.level.empty()) return true;
  return rule.level == (head.malicious ? kMalicious : to_string(head.severity));
}

const Json* member(const Json& object, const char* name) {
  const auto it = object.is_object() ? object.find(name) : object.end();
  return it == object.end() ? nullptr : &*it;
}

std::string text_of(const Json& object, const char* name) {
  const Json* value = member(object, name);
  return value && value->is_string() ? value->get<std::string>() : std::string();
}

// Malicious ones first, then by severity.
int weight_of(const Finding& finding) {
  return finding.malicious ? 100 : static_cast<int>(finding.severity);
}

}  // namespace

std::string_view to_string(Measure measure) {
  return kMeasures[static_cast<std::size_t>(measure)];
}

std::optional<AdvisoryRule> parse_advisory_rule(std::string_view text) {
  const auto equals = text.find('=');
  if (equals == text.npos) return std::nullopt;
  const auto measure = parse_measure(text.substr(equals + 1));
  const auto subject = text.substr(0, equals);
  const auto slash = subject.find('/');
  if (!measure || slash == subject.npos) return std::nullopt;
  const auto source = subject.substr(0, slash), level = subject.substr(slash + 1);
  const bool known_source = source == "*" || is_advisory_id(source);
  const bool known_level = level == "*" || level == kMalicious ||
                           (parse_severity(level) && to_string(*parse_severity(level)) == level);
  if (!known_source || source.contains('-') || !known_level) return std::nullopt;
  return AdvisoryRule{source == "*" ? std::string() : std::string(source),
                      level == "*" ? std::string() : std::string(level), *measure};
}

Measure measure_for(std::span<const AdvisoryRule> rules, const AdvisoryHead& head) {
  for (const AdvisoryRule& rule : rules)
    if (fits(rule, head)) return rule.measure;
  return head.malicious ? Measure::quarantine : Measure::warn;
}

std::vector<std::string> advisories_of(const Findings& findings, const std::string& version) {
  std::multimap<int, std::string, std::greater<>> about;
  for (const auto& [id, finding] : findings)
    if (finding.versions.contains(version)) about.emplace(weight_of(finding), id);
  std::vector<std::string> ids;
  for (const auto& [weight, id] : about) ids.push_back(id);
  return ids;
}

std::optional<Verdict> verdict_on(const Findings& findings, const std::string& version) {
  std::optional<Verdict> verdict;
  for (const auto& [id, finding] : findings)
    if (finding.versions.contains(version) && (!verdict || finding.measure > verdict->measure))
      verdict = {finding.measure, id};
  return verdict;
}

Bytes print_findings(const Findings& findings) {
  if (findings.empty()) return {};
  Json out = Json::object();
  for (const auto& [id, finding] : findings)
    out[id] = {{"summary", finding.summary},
               {"url", finding.url},
               {"severity", to_string(finding.severity)},
               {"malicious", finding.malicious},
               {"measure", to_string(finding.measure)},
               {"versions", finding.versions},
               {"tags", finding.tags}};
  return out.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<Findings> parse_findings(ByteView text) {
  Findings findings;
  if (text.empty()) return findings;
  const Json stored = Json::parse(text, nullptr, false);
  const auto broken = [] { return fail(Code::storage_failed, {}, "findings are not readable"); };
  if (!stored.is_object()) return broken();
  for (const auto& [id, entry] : stored.items()) {
    const auto severity = parse_severity(text_of(entry, "severity"));
    const auto measure = parse_measure(text_of(entry, "measure"));
    const Json* malicious = member(entry, "malicious");
    const Json* versions = member(entry, "versions");
    const Json* tags = member(entry, "tags");
    if (!severity || !measure || !malicious || !malicious->is_boolean() || !versions ||
        !versions->is_array() || !tags || !tags->is_object())
      return broken();
    Finding& finding = findings[id];
    finding = {.summary = text_of(entry, "summary"),
               .url = text_of(entry, "url"),
               .severity = *severity,
               .malicious = malicious->get<bool>(),
               .measure = *measure};
    for (const Json& version : *versions) {
      if (!version.is_string()) return broken();
      finding.versions.insert(version.get<std::string>());
    }
    for (const auto& [tag, version] : tags->items())
      if (version.is_string()) finding.tags[tag] = version.get<std::string>();
  }
  return findings;
}

}  // namespace kontor
