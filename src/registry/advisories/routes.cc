// Decode, call the use case, encode.
#include "registry/advisories/routes.h"

#include "registry/advisories/answers.h"
#include "registry/advisories/scan.h"
#include "registry/json_body.h"

#include <algorithm>
#include <array>

namespace kontor {
namespace {

using http::Access;
using http::Method;
using Entry = RouteEntry<Registry>;

constexpr std::uint32_t kPage = 100;
constexpr std::uint32_t kLargestPage = 1000;
constexpr std::uint64_t kMaxBatch = 32u << 20;
constexpr std::size_t kMaxQuestions = 5000;  // of one query
constexpr JsonLimits kBatchLimits = {
    .max_bytes = kMaxBatch, .max_depth = 34, .max_values = 2'000'000};
constexpr JsonLimits kQueryLimits = {.max_bytes = 2u << 20, .max_depth = 8, .max_values = 50'000};

Task<Json> read_body(const http::Call& call, JsonLimits limits) {
  const Bytes text = co_await http::read_all(call.request.body, limits.max_bytes);
  Json body = co_await parse_json(text, limits);
  if (!body.is_object()) co_return fail(Code::invalid_json, "The body must be a JSON object.");
  co_return body;
}

std::string parameter(const http::Call& call, std::string_view name) {
  return call.request.query_value(name).value_or("");
}

// The subjects a question means: of one ecosystem, or of all that are served here.
std::vector<AdvisorySubject> subjects_of(const Registry& registry, const std::string& name,
                                         const std::string& ecosystem) {
  if (!ecosystem.empty()) return {{ecosystem, name}};
  std::vector<AdvisorySubject> subjects;
  for (const Format* format : registry.advisories.formats)
    if (!format->ecosystem.empty()) subjects.push_back({std::string(format->ecosystem), name});
  return subjects;
}

// The whole record, as it was taken in.
Task<Json> document_of(AdvisoryStore& store, std::string id) {
  const auto record = co_await store.find(id);
  if (!record) co_return fail(Code::not_found, "There is no advisory " + id + ".");
  co_return co_await parse_json(record->document, osv_json_limits());
}

// --- reading ----------------------------------------------------------------------------------

Task<Json> about_package(Registry& registry, std::string name, std::string version,
                         std::string ecosystem) {
  Json advisories = Json::array();
  for (const auto& subject : subjects_of(registry, name, ecosystem)) {
    const auto known = co_await known_about(registry.advisories.store, subject);
    const Format* format = format_of(registry.advisories.formats, subject.ecosystem);
    std::vector<std::string> ids;
    if (version.empty())
      for (const auto& advisory : known.advisories) ids.push_back(advisory.head.id);
    else
      for (const auto& match : matches_of(known.advisories, version, format))
        ids.push_back(match.advisory.head.id);
    for (const auto& id : ids)
      advisories.push_back(co_await document_of(registry.advisories.store, id));
  }
  co_return Json{{"advisories", std::move(advisories)}, {"next", nullptr}};
}

Task<Json> page(Registry& registry, AdvisoryQuery query) {
  const auto records = co_await registry.advisories.store.list(query);
  Json advisories = Json::array();
  for (const auto& record : records)
    advisories.push_back(co_await parse_json(record.document, osv_json_limits()));
  co_return Json{{"advisories", std::move(advisories)},
                 {"next", records.empty() ? Json(nullptr) : Json(records.back().id)}};
}

// ?package=NAME&version=V&ecosystem=E: those about it, at once.
// ?since=TIME&cursor=ID&limit=N: all, page by page; a page without advisories is the last.
Task<http::Response> get_advisories(Registry& registry, const http::Call& call) {
  const auto package = parameter(call, "package"), since = parameter(call, "since");
  AdvisoryQuery query{.after = parameter(call, "cursor"), .limit = kPage};
  if (const auto limit = parameter(call, "limit"); !limit.empty()) {
    const bool number = limit.size() < 9 && limit.find_first_not_of("0123456789") == limit.npos;
    query.limit = number ? static_cast<std::uint32_t>(std::stoul(limit)) : 0;
    if (query.limit == 0 || query.limit > kLargestPage)
      co_return fail(Code::bad_request, "limit must be a number from 1 to 1000.");
  }
  if (!since.empty() && !(query.since = parse_rfc3339(since)))
    co_return fail(Code::bad_request, "since must be a time like 2026-11-20T08:30:00Z.");
  const Json body = package.empty()
                        ? co_await page(registry, std::move(query))
                        : co_await about_package(registry, package, parameter(call, "version"),
                                                 parameter(call, "ecosystem"));
  co_return private_json(200, body);
}

Task<http::Response> get_advisory(Registry& registry, const http::Call& call) {
  co_return private_json(200, co_await document_of(registry.advisories.store, call.params["id"]));
}

// What is known about one package under each of its ecosystems.
struct KnownPackage {
  std::string name, ecosystem;
  std::vector<std::pair<std::string, KnownAdvisories>> known;
};

// Questions about versions of one package come one behind the other: the store is asked once.
Task<> learn(Registry& registry, KnownPackage& package, std::string name, std::string ecosystem) {
  if (!package.known.empty() && package.name == name && package.ecosystem == ecosystem)
    co_return {};
  package = {std::move(name), std::move(ecosystem), {}};
  for (const auto& subject : subjects_of(registry, package.name, package.ecosystem))
    package.known.emplace_back(subject.ecosystem,
                               co_await known_about(registry.advisories.store, subject));
  co_return {};
}

Task<Json> answer_question(Registry& registry, KnownPackage& package, Json question) {
  if (!question.is_object())
    co_return fail(Code::invalid_json, "packages must be [{name, version}, ...].");
  const auto name = co_await required_text_field(question, "name");
  const auto version = co_await required_text_field(question, "version");
  const auto ecosystem = (co_await text_field(question, "ecosystem")).value_or("");
  co_await learn(registry, package, name, ecosystem);
  Json matches = Json::array();
  for (const auto& [its_ecosystem, known] : package.known) {
    const Format* format = format_of(registry.advisories.formats, its_ecosystem);
    for (const auto& match : matches_of(known.advisories, version, format)) {
      Json shown = to_json(match);
      shown["ecosystem"] = its_ecosystem;
      matches.push_back(std::move(shown));
    }
  }
  co_return Json{{"name", name}, {"version", version}, {"advisories", std::move(matches)}};
}

// {packages: [{name, version, ecosystem?}]}
Task<http::Response> post_query(Registry& registry, const http::Call& call) {
  const Json body = co_await read_body(call, kQueryLimits);
  const Json* packages = find_field(body, "packages");
  if (!packages || !packages->is_array())
    co_return fail(Code::invalid_json, "packages must be [{name, version}, ...].");
  if (packages->size() > kMaxQuestions)
    co_return fail(Code::too_large, "At most 5,000 packages are looked up at once.");
  Json results = Json::array();
  KnownPackage last;
  for (const Json& question : *packages)
    results.push_back(co_await answer_question(registry, last, question));
  co_return private_json(200, {{"results", std::move(results)}});
}

// --- changing ---------------------------------------------------------------------------------

// One record, or {advisories: [...], own?}: many, each with its outcome. A single one is our own,
// and a refusal is the answer's status.
Task<http::Response> post_advisories(Registry& registry, const http::Call& call) {
  Json body = co_await read_body(call, kBatchLimits);
  std::vector<Json> documents;
  ImportOptions options{.own = true};
  const bool many = body.contains("advisories");
  if (many) {
    Json& list = body["advisories"];
    if (!list.is_array()) co_return fail(Code::invalid_json, "advisories must be a list.");
    for (Json& document : list) documents.push_back(std::move(document));
    options.own = (co_await flag_field(body, "own")).value_or(false);
  } else {
    documents.push_back(std::move(body));
  }
  const auto results = co_await import_advisories(advisory_ports(registry), actor_of(call),
                                                  std::move(documents), options);
  if (!many) {
    if (results[0].refused) co_return std::unexpected(*results[0].refused);
    const bool is_new = results[0].outcome == AdvisoryOutcome::added;
    co_return private_json(is_new ? 201 : 200, to_json(results[0]));
  }
  Json list = Json::array();
  for (const auto& result : results) list.push_back(to_json(result));
  co_return private_json(200, {{"results", std::move(list)}});
}

Task<http::Response> patch_one(Registry& registry, const http::Call& call) {
  Json patch = co_await read_body(call, osv_json_limits());
  const auto advisory = co_await patch_advisory(advisory_ports(registry), actor_of(call),
                                                call.params["id"], std::move(patch));
  co_return private_json(200, advisory.document);
}

Task<http::Response> post_scan(Registry& registry, const http::Call&) {
  const auto changed = co_await keep_scanned(advisory_ports(registry));
  co_return private_json(200, {{"changed", changed}});
}

constexpr std::array kRoutes = {
    Entry{{Method::get, "/v1/advisories", Access::read,
           "Advisories about a package or one version of it, or all of them page by page, as OSV "
           "records."},
          get_advisories},
    Entry{{Method::post, "/v1/advisories/query", Access::read,
           "Which advisories affect these versions, for many packages at once."},
          post_query},
    Entry{{Method::get, "/v1/advisories/:id", Access::read,
           "One advisory by id or alias, as the OSV record it came as."},
          get_advisory},
    Entry{{Method::post, "/v1/advisories", Access::admin,
           "Takes in one OSV record, making id and times where they are missing, or a list of "
           "them."},
          post_advisories},
    Entry{{Method::patch, "/v1/advisories/:id", Access::admin,
           "Changes fields of an advisory; {\"withdrawn\": true} withdraws it."},
          patch_one},
    Entry{{Method::post, "/-/kontor/v1/advisories/scan", Access::admin,
           "Scans the packages that wait for it now."},
          post_scan},
};

}  // namespace

std::span<const RouteEntry<Registry>> advisory_routes() {
  return kRoutes;
}

}  // namespace kontor
