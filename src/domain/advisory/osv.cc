// Reading a record by its schema. Everything that decides about packages is checked; what only
// people read is taken where it has the right type and left alone where not.
#include "domain/advisory/osv.h"

#include "base/json_canonical.h"
#include "domain/advisory/cvss.h"
#include "domain/advisory/osv_reader.h"

#include <algorithm>

namespace kontor {
namespace {

constexpr std::size_t kMaxSummary = 256;
constexpr std::size_t kMaxUrl = 2048;
constexpr std::size_t kMaxAliases = 256;
constexpr std::size_t kMaxCwes = 32;

// A string of an object; empty where absent or of another type.
std::string text_of(const Json& object, std::string_view name) {
  const auto it = object.find(name);
  return it != object.end() && it->is_string() ? it->get<std::string>() : std::string();
}

const Json& member_of(const Json& object, std::string_view name) {
  static const Json absent;
  const auto it = object.is_object() ? object.find(name) : object.end();
  return it == object.end() ? absent : *it;
}

std::vector<std::string> texts_of(const Json& array, std::size_t most) {
  std::vector<std::string> out;
  if (!array.is_array()) return out;
  for (const auto& item : array)
    if (item.is_string() && out.size() < most) out.push_back(item.get<std::string>());
  return out;
}

// The first line, cut between characters.
std::string one_line(std::string text) {
  text.resize(std::min(text.find_first_of("\r\n"), text.size()));
  if (text.size() > kMaxSummary) {
    std::size_t end = kMaxSummary;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
    text.resize(end);
  }
  return text;
}

std::string summary_of(const Json& record) {
  auto text = one_line(text_of(record, "summary"));
  return text.empty() ? one_line(text_of(record, "details")) : text;
}

bool is_web(std::string_view url) {
  const bool printable = std::ranges::all_of(
      url, [](char c) { return c > ' ' && c < '\x7f' && c != '"' && c != '<'; });
  return printable && url.size() <= kMaxUrl &&
         (url.starts_with("https://") || url.starts_with("http://"));
}

// The page of the record itself comes before pages that mention it.
std::string url_of(const Json& record, const std::string& id) {
  if (id.starts_with("GHSA-")) return "https://github.com/advisories/" + id;
  std::string first;
  for (const auto& reference : member_of(record, "references")) {
    if (!reference.is_object()) continue;
    const auto url = text_of(reference, "url");
    if (!is_web(url)) continue;
    if (text_of(reference, "type") == "ADVISORY") return url;
    if (first.empty()) first = url;
  }
  return first;
}

// Keeps the vector with the highest score.
void take_vectors(AdvisoryHead& head, const Json& severities) {
  if (!severities.is_array()) return;
  for (const auto& entry : severities) {
    if (!entry.is_object()) continue;
    auto vector = text_of(entry, "score");
    const auto score = cvss_score(vector);
    if (score ? (!head.score || *score > *head.score) : head.vector.empty()) {
      head.score = score;
      head.vector = one_line(std::move(vector));
    }
  }
}

Severity severity_in(const Json& record, const AdvisoryHead& head) {
  const Json& specific = member_of(record, "database_specific");
  if (specific.is_object())
    if (const auto stated = parse_severity(text_of(specific, "severity"))) return *stated;
  for (const auto& entry : member_of(record, "affected"))
    for (const auto* part : {"database_specific", "ecosystem_specific"})
      if (const Json& details = member_of(entry, part); details.is_object())
        if (const auto stated = parse_severity(text_of(details, "severity"))) return *stated;
  if (head.score) return severity_of(*head.score);
  return Severity::unknown;
}

bool is_malicious(const Json& record, const AdvisoryHead& head) {
  const auto names_malware = [](const std::string& id) { return id.starts_with("MAL-"); };
  if (names_malware(head.id) || std::ranges::any_of(head.aliases, names_malware)) return true;
  if (!member_of(member_of(record, "database_specific"), "malicious-packages-origins").is_null())
    return true;
  return std::ranges::find(head.cwes, "CWE-506") != head.cwes.end();
}

AdvisoryHead read_head(const Json& record) {
  AdvisoryHead head;
  head.id = text_of(record, "id");
  head.aliases = texts_of(member_of(record, "aliases"), kMaxAliases);
  std::erase_if(head.aliases, [](const auto& alias) { return !is_advisory_id(alias); });
  head.summary = summary_of(record);
  head.url = url_of(record, head.id);
  head.cwes = texts_of(member_of(member_of(record, "database_specific"), "cwe_ids"), kMaxCwes);
  take_vectors(head, member_of(record, "severity"));
  for (const auto& entry : member_of(record, "affected"))
    take_vectors(head, member_of(entry, "severity"));
  head.severity = severity_in(record, head);
  head.malicious = is_malicious(record, head);
  return head;
}

}  // namespace

JsonLimits osv_json_limits() {
  return {.max_bytes = kMaxAdvisoryBytes, .max_depth = 32, .max_values = 100'000};
}

bool is_advisory_id(std::string_view text) {
  const auto letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  };
  return !text.empty() && text.size() <= kMaxAdvisoryId && letter(text[0]) &&
         std::ranges::all_of(text, [&](char c) {
           return letter(c) || c == '.' || c == '_' || c == ':' || c == '-';
         });
}

Result<Advisory> parse_osv(Json document) {
  OsvReader reader;
  Advisory advisory;
  if (!document.is_object()) return fail(Code::bad_request, "The record must be a JSON object.");
  reader.check_head(document);
  advisory.modified = reader.time(document, "modified").value_or(Timestamp{});
  if (document.contains("published")) advisory.published = reader.time(document, "published");
  if (document.contains("withdrawn")) advisory.withdrawn = reader.time(document, "withdrawn");
  advisory.affected = reader.affected(document);
  if (auto wrong = reader.error()) return std::unexpected(std::move(*wrong));
  advisory.head = read_head(document);
  advisory.document = std::move(document);
  return advisory;
}

Result<Advisory> parse_osv(ByteView text) {
  auto tree = parse_json(text, osv_json_limits());
  if (!tree) return fail(tree);
  return parse_osv(std::move(*tree));
}

Bytes canonical_osv(const Advisory& advisory) {
  return canonical_json(advisory.document);
}

std::vector<PackageAdvisory> by_package(const Advisory& advisory) {
  std::vector<PackageAdvisory> out;
  if (advisory.withdrawn) return out;
  for (const Affected& entry : advisory.affected) {
    const auto same = std::ranges::find_if(out, [&](const PackageAdvisory& other) {
      return other.affected[0].ecosystem == entry.ecosystem && other.affected[0].name == entry.name;
    });
    if (same == out.end())
      out.push_back({advisory.head, {entry}});
    else
      same->affected.push_back(entry);
  }
  return out;
}

}  // namespace kontor
