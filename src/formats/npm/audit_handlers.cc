// Audits, answered from the registry's own advisories: no name leaves it. Rows NPM-12, ADV-05.
#include "formats/npm/audit_report.h"
#include "formats/npm/handler_support.h"
#include "formats/npm/handlers.h"
#include "formats/npm/search_entry.h"

#include <array>
#include <map>
#include <set>

namespace kontor::npm {
namespace {

constexpr std::uint64_t kMaxAudit = 16u << 20;
constexpr std::size_t kMaxVersions = 50'000;  // of all packages of one audit
constexpr std::size_t kMaxPathBytes = 4096;
constexpr std::array<std::string_view, 5> kLevels = {"info", "low", "moderate", "high", "critical"};

using Places = std::map<std::string, std::vector<AuditPath>>;  // by package

// What is known of all the packages that `by_name` has.
template <class Value>
Task<AdvisoriesByName> known_about_all(Registry& registry,
                                       const std::map<std::string, Value>& by_name) {
  std::vector<std::string> names;
  for (const auto& [name, value] : by_name) names.push_back(name);
  return known_about_each(registry.advisories.store, std::string(kNpm.ecosystem), std::move(names));
}

// The advisories that affect at least one of these versions, aliases put together.
std::vector<PackageAdvisory> affecting(std::vector<PackageAdvisory> known,
                                       const std::set<std::string>& versions) {
  std::vector<PackageAdvisory> out;
  for (auto& advisory : merge_aliases(std::move(known)))
    for (const auto& version : versions)
      if (is_affected(advisory.affected, version, kNpm.order)) {
        out.push_back(std::move(advisory));
        break;
      }
  return out;
}

std::unexpected<Error> not_bulk() {
  return fail(Code::bad_request, "The body must be {package: [versions, ...], ...}.");
}

Result<std::map<std::string, std::set<std::string>>> read_bulk(const Json& body) {
  std::map<std::string, std::set<std::string>> out;
  std::size_t count = 0;
  if (!body.is_object()) return not_bulk();
  for (const auto& [name, versions] : body.items()) {
    if (!versions.is_array()) return not_bulk();
    auto& known = out[name];
    for (const auto& version : versions)
      if (version.is_string()) known.insert(version.get<std::string>());
    if ((count += known.size()) > kMaxVersions)
      return fail(Code::too_large, "At most 50,000 versions are audited at once.");
  }
  return out;
}

// --- the older form: a whole tree -------------------------------------------------------------

// Walks the nodes of an npm 6 lock tree; its depth is bounded by the parser.
class TreeWalk {
 public:
  // too_large where the tree has too many nodes.
  Result<void> walk(const Json& node, const std::string& above) {
    const auto it = node.find("dependencies");
    if (it == node.end() || !it->is_object()) return {};
    for (const auto& [name, child] : it->items()) {
      if (!child.is_object()) continue;
      if (++count_ > kMaxVersions)
        return fail(Code::too_large, "At most 50,000 dependencies are audited at once.");
      const auto path = above.empty() ? name : above + ">" + name;
      take(name, child, path);
      if (path.size() > kMaxPathBytes) continue;
      if (auto done = walk(child, path); !done) return done;
    }
    return {};
  }

  Places places;
  std::size_t dev = 0, optional = 0;
  std::size_t count() const { return count_; }

 private:
  void take(const std::string& name, const Json& node, const std::string& path) {
    if (node.contains("dev") && node["dev"] == Json(true)) ++dev;
    if (node.contains("optional") && node["optional"] == Json(true)) ++optional;
    const auto version = node.find("version");
    if (version != node.end() && version->is_string())
      places[name].push_back({version->get<std::string>(), path});
  }

  std::size_t count_ = 0;
};

// What is told of a whole tree.
struct TreeReport {
  Json advisories = Json::object();
  Json actions = Json::array();
  std::map<std::string_view, std::size_t> counts;  // of places, by level
};

void add_to(TreeReport& report, const PackageAdvisory& advisory, const std::string& name,
            const std::vector<AuditPath>& places, std::string_view origin) {
  std::vector<AuditPath> hit;
  for (const AuditPath& place : places)
    if (is_affected(advisory.affected, place.version, kNpm.order)) hit.push_back(place);
  report.counts[audit_severity(advisory.head)] += hit.size();
  const auto number = advisory_number(advisory.head.id);
  Json resolves = Json::array();
  for (const AuditPath& place : hit)
    resolves.push_back({{"id", number},
                        {"path", place.path},
                        {"dev", false},
                        {"optional", false},
                        {"bundled", false}});
  report.actions.push_back(
      {{"action", "review"}, {"module", name}, {"resolves", std::move(resolves)}});
  report.advisories[std::to_string(number)] = tree_entry(advisory, name, hit, origin);
}

Json to_json(TreeReport report, const TreeWalk& walk) {
  Json counts = Json::object();
  for (const auto level : kLevels) counts[std::string(level)] = report.counts[level];
  return {{"actions", std::move(report.actions)},
          {"advisories", std::move(report.advisories)},
          {"muted", Json::array()},
          {"metadata",
           {{"vulnerabilities", std::move(counts)},
            {"dependencies", walk.count() - walk.dev - walk.optional},
            {"devDependencies", walk.dev},
            {"optionalDependencies", walk.optional},
            {"totalDependencies", walk.count()}}}};
}

}  // namespace

Task<http::Response> audit_bulk(Service& service, const http::Call& call) {
  const Json body = co_await read_json(call, kMaxAudit);
  const auto asked = co_await read_bulk(body);
  auto known = co_await known_about_all(service.registry, asked);
  Json answer = Json::object();
  for (auto& [name, advisories] : known) {
    Json entries = Json::array();
    for (const auto& advisory : affecting(std::move(advisories), asked.at(name)))
      entries.push_back(bulk_entry(advisory, call.request.base_url));
    if (!entries.empty()) answer[name] = std::move(entries);
  }
  co_return ok_json(answer);
}

Task<http::Response> audit_tree(Service& service, const http::Call& call) {
  const Json body = co_await read_json(call, kMaxAudit);
  if (!body.is_object()) co_return fail(Code::bad_request, "The body must be a lock tree.");
  TreeWalk walk;
  co_await walk.walk(body, {});
  auto known = co_await known_about_all(service.registry, walk.places);
  TreeReport report;
  for (auto& [name, advisories] : known) {
    const auto& places = walk.places.at(name);
    std::set<std::string> versions;
    for (const auto& place : places) versions.insert(place.version);
    for (const auto& advisory : affecting(std::move(advisories), versions))
      add_to(report, advisory, name, places, call.request.base_url);
  }
  co_return ok_json(to_json(std::move(report), walk));
}

}  // namespace kontor::npm
