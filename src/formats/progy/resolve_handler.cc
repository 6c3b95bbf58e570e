// GET /registry/resolve/...: which version a student gets, and by what to know its bytes. Rows
// PRG-04, PRG-07, D-08.
#include "formats/progy/access.h"
#include "formats/progy/handler_support.h"
#include "formats/progy/handlers.h"
#include "formats/progy/names.h"
#include "registry/advisories/findings.h"
#include "registry/document_answer.h"

namespace kontor::progy {
namespace {

// Newest first, those that are served.
Task<Json> versions_of(Registry& registry, PackageId id) {
  const auto versions = co_await registry.packages.fragments(id, FragmentKind::abbreviated);
  Json out = Json::array();
  for (auto it = versions.rbegin(); it != versions.rend(); ++it)
    if (is_served(it->standing)) out.push_back(it->version);
  co_return out;
}

// The one that ?version= names, or the latest.
Task<VersionRecord> chosen_version(Registry& registry, const http::Call& call,
                                   PackageRecord package) {
  auto wanted = call.request.query_value("version").value_or("");
  if (wanted.empty()) {
    const auto latest = package.tags.find("latest");
    if (latest == package.tags.end()) co_return fail(Code::not_found);
    wanted = latest->second;
  }
  auto record = co_await registry.packages.find_version(package.id, wanted);
  if (!record || !is_served(record->standing)) co_return fail(Code::version_not_found);
  co_return std::move(*record);
}

Json member(const Json& object, const char* key) {
  const auto it = object.find(key);
  return it == object.end() ? Json(nullptr) : *it;
}

Json log_of(const VersionRecord& record) {
  if (!record.logged) return nullptr;
  return {{"log", to_string(record.logged->log)}, {"index", record.logged->index}};
}

}  // namespace

Task<http::Response> resolve(Service& service, const http::Call& call) {
  Registry& registry = service.registry;
  const auto asked = co_await course_of(registry, call);
  const auto package = co_await load_course(registry, call, asked);
  const auto& key = package.key;
  const auto record = co_await chosen_version(registry, call, package);
  const auto name = co_await parse_name(key.name);
  const auto latest = package.tags.find("latest");
  const auto price = co_await price_of_course(service, package.id);
  const auto findings = co_await findings_about(registry, package);
  auto versions = co_await versions_of(registry, package.id);
  const Json stored = Json::parse(record.manifest, nullptr, false);
  const Json body = {
      {"name", key.name},
      {"scope", name.scope},
      {"slug", name.base},
      {"latest", latest == package.tags.end() ? Json(nullptr) : Json(latest->second)},
      {"versions", std::move(versions)},
      {"version", record.version},
      {"title", member(stored, "title")},
      {"description", member(stored, "description")},
      {"checksum", record.archive.sha256.hex()},
      {"sizeBytes", record.archive.size},
      {"downloadUrl", download_url(call, key.name, record.version)},
      {"changelog", member(stored, "changelog")},
      {"engines", member(member(stored, "course"), "engines")},
      {"publishedAt", rfc3339(record.published)},
      {"price", price ? price_object(*price) : Json(nullptr)},
      {"private", package.visibility == Visibility::restricted},
      {"advisories", advisories_of(findings, record.version)},
      {"log", log_of(record)}};
  co_return document_answer(call.request, json_text(body), package.visibility, *registry.settings);
}

}  // namespace kontor::progy
