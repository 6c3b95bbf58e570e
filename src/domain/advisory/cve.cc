// Container by container: the CNA's says what is affected, others may add scores and references.
#include "domain/advisory/cve.h"

#include "base/encoding.h"
#include "domain/advisory/cve_versions.h"

#include <algorithm>
#include <array>
#include <optional>

namespace kontor {
namespace {

constexpr std::size_t kMaxProducts = 1000;
constexpr std::size_t kMaxOthers = 200;  // references, scores and the like

const Json& at(const Json& object, std::string_view name) {
  static const Json absent;
  const auto it = object.is_object() ? object.find(name) : object.end();
  return it == object.end() ? absent : *it;
}

std::string text_of(const Json& object, std::string_view name) {
  const Json& value = at(object, name);
  return value.is_string() ? value.get<std::string>() : std::string();
}

std::unexpected<Error> wrong(const std::string& path, const std::string& what) {
  return fail(Code::bad_request, path + ": " + what + ".");
}

struct PackageName {
  std::string ecosystem;
  std::string name;
};

// "pkg:npm/%40scope/name@1.0.0?x=y".
std::optional<PackageName> read_purl(std::string_view purl) {
  for (const auto& [prefix, ecosystem] :
       {std::pair<std::string_view, const char*>{"pkg:npm/", "npm"}, {"pkg:ori/", "Ori"}}) {
    if (!purl.starts_with(prefix)) continue;
    auto rest = purl.substr(prefix.size());
    rest = rest.substr(0, rest.find_first_of("?#"));
    rest = rest.substr(0, rest.find('@', 1));
    auto name = percent_decode(rest);
    if (name && !name->empty()) return PackageName{ecosystem, std::move(*name)};
  }
  return std::nullopt;
}

// By the package URL, or by the collection its name is from: npm's is known by its host.
std::optional<PackageName> package_of(const Json& product) {
  if (auto named = read_purl(text_of(product, "packageURL"))) return named;
  const auto collection = text_of(product, "collectionURL"), name = text_of(product, "packageName");
  if (auto named = read_purl(collection)) return named;
  const auto host = collection.substr(std::min(collection.find("://") + 3, collection.size()));
  if (name.empty() || host.substr(0, host.find('/')).find("npmjs.") == host.npos)
    return std::nullopt;
  return PackageName{"npm", name};
}

Result<Json> affected_of(const Json& cna) {
  Json out = Json::array();
  const Json& products = at(cna, "affected");
  if (!products.is_array()) return out;
  if (products.size() > kMaxProducts)
    return wrong("containers.cna.affected", "has more than 1000 items");
  for (std::size_t i = 0; i < products.size(); ++i) {
    const auto package = package_of(products[i]);
    if (!package) continue;
    auto found = cve_versions(products[i]);
    if (!found.wrong.empty())
      return fail(Code::bad_request,
                  "containers.cna.affected[" + std::to_string(i) + "]." + found.wrong + ".");
    if (found.ranges.empty() && found.versions.empty()) continue;
    out.push_back({{"package", {{"ecosystem", package->ecosystem}, {"name", package->name}}},
                   {"ranges", std::move(found.ranges)},
                   {"versions", std::move(found.versions)}});
  }
  return out;
}

void add_scores(Json& out, const Json& container) {
  constexpr std::array<std::pair<const char*, const char*>, 4> kScores = {
      {{"cvssV4_0", "CVSS_V4"},
       {"cvssV3_1", "CVSS_V3"},
       {"cvssV3_0", "CVSS_V3"},
       {"cvssV2_0", "CVSS_V2"}}};
  for (const auto& metric : at(container, "metrics"))
    for (const auto& [member, type] : kScores)
      if (auto vector = text_of(at(metric, member), "vectorString");
          !vector.empty() && out.size() < kMaxOthers)
        out.push_back({{"type", type}, {"score", std::move(vector)}});
}

// The word for a score, where an author states one.
std::string stated_severity(const Json& container) {
  for (const auto& metric : at(container, "metrics"))
    for (const auto* member : {"cvssV4_0", "cvssV3_1", "cvssV3_0", "cvssV2_0"})
      if (auto word = text_of(at(metric, member), "baseSeverity"); !word.empty()) return word;
  return {};
}

void add_cwes(Json& out, const Json& container) {
  for (const auto& type : at(container, "problemTypes"))
    for (const auto& description : at(type, "descriptions"))
      if (auto id = text_of(description, "cweId"); !id.empty() && out.size() < kMaxOthers)
        out.push_back(std::move(id));
}

void add_references(Json& out, const Json& container) {
  for (const auto& reference : at(container, "references"))
    if (auto url = text_of(reference, "url"); !url.empty() && out.size() < kMaxOthers)
      out.push_back({{"type", "WEB"}, {"url", std::move(url)}});
}

std::string english(const Json& texts) {
  for (const auto& text : texts)
    if (text_of(text, "lang").starts_with("en")) return text_of(text, "value");
  return {};
}

// Many records leave the zone out and mean UTC.
std::string time_of(const Json& metadata, const char* name) {
  auto text = text_of(metadata, name);
  const auto clock = text.find('T');
  if (clock != text.npos && text.find_first_of("Z+-", clock) == text.npos) text += 'Z';
  return text;
}

}  // namespace

bool is_cve_record(const Json& document) {
  return document.is_object() && (at(document, "dataType") == Json("CVE_RECORD") ||
                                  at(document, "cveMetadata").is_object());
}

Result<Json> osv_of_cve(Json document) {
  const Json& metadata = at(document, "cveMetadata");
  const auto id = text_of(metadata, "cveId"), state = text_of(metadata, "state");
  if (!id.starts_with("CVE-")) return wrong("cveMetadata.cveId", "must be an id like CVE-2026-1");
  if (!text_of(document, "dataVersion").starts_with("5"))
    return wrong("dataVersion", "must be one of the 5.x versions of the CVE format");
  if (state != "PUBLISHED" && state != "REJECTED")
    return wrong("cveMetadata.state", "must be PUBLISHED or REJECTED");
  auto published = time_of(metadata, "datePublished"), modified = time_of(metadata, "dateUpdated");
  if (modified.empty()) modified = published;
  if (modified.empty()) return wrong("cveMetadata.dateUpdated", "must be a time");
  const Json& cna = at(at(document, "containers"), "cna");
  auto affected = affected_of(cna);
  if (!affected) return fail(affected);

  Json out = {{"schema_version", "1.7.0"}, {"id", id}, {"modified", modified}};
  if (!published.empty()) out["published"] = published;
  if (state == "REJECTED") out["withdrawn"] = modified;
  out["summary"] = text_of(cna, "title");
  out["details"] = english(at(cna, "descriptions"));
  Json scores = Json::array(), cwes = Json::array(), references = Json::array();
  auto severity = stated_severity(cna);
  const auto take = [&](const Json& container) {
    add_scores(scores, container);
    add_cwes(cwes, container);
    add_references(references, container);
    if (severity.empty()) severity = stated_severity(container);
  };
  take(cna);
  for (const auto& container : at(at(document, "containers"), "adp")) take(container);
  out["severity"] = std::move(scores);
  out["affected"] = std::move(*affected);
  out["references"] = std::move(references);
  Json specific = {{"cwe_ids", std::move(cwes)}};
  if (!severity.empty()) specific["severity"] = severity;
  specific["cve"] = std::move(document);
  out["database_specific"] = std::move(specific);
  return out;
}

}  // namespace kontor
