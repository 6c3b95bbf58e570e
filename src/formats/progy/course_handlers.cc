// /registry/packages/:id for the owners of a course: its versions and downloads, and changes of
// what the marketplace shows. The id is the course's name. Row PRG-08.
#include "formats/progy/describe.h"
#include "formats/progy/handler_support.h"
#include "formats/progy/handlers.h"
#include "formats/progy/records.h"
#include "formats/progy/storage_names.h"
#include "registry/json_body.h"
#include "registry/package_changes.h"
#include "registry/packages.h"
#include "registry/unpublish.h"

#include <algorithm>

namespace kontor::progy {
namespace {

constexpr std::size_t kShownVersions = 10;
constexpr std::size_t kMaxDescription = 500;

Task<Json> newest_versions(Registry& registry, PackageId id) {
  const auto versions = co_await registry.packages.fragments(id, FragmentKind::abbreviated);
  Json out = Json::array();
  for (auto it = versions.rbegin(); it != versions.rend() && out.size() < kShownVersions; ++it) {
    Json line = Json::parse(it->fragment, nullptr, false);
    if (!line.is_object()) continue;
    line["createdAt"] = rfc3339(it->published);
    out.push_back(std::move(line));
  }
  co_return out;
}

Task<std::uint64_t> downloads_of(Registry& registry, PackageKey key) {
  const auto days =
      co_await registry.packages.downloads(std::move(key), Day{}, day_of(registry.clock.now()));
  std::uint64_t sum = 0;
  for (const auto& day : days) sum += day.count;
  co_return sum;
}

Task<Json> course_object(Registry& registry, PackageRecord package) {
  const auto latest = package.tags.find("latest");
  Json document = Json::object();
  if (latest != package.tags.end())
    if (const auto record = co_await registry.packages.find_version(package.id, latest->second))
      document = Json::parse(record->manifest, nullptr, false);
  auto versions = co_await newest_versions(registry, package.id);
  const auto downloads = co_await downloads_of(registry, package.key);
  const bool open = package.visibility == Visibility::open;
  const auto& name = package.key.name;
  co_return Json{
      {"id", name},
      {"name", name},
      {"slug", name.substr(name.find('/') + 1)},
      {"description", document.value("description", Json(nullptr))},
      {"latestVersion", latest == package.tags.end() ? Json(nullptr) : Json(latest->second)},
      {"isPublic", open},
      {"status", status_of(document, package.visibility)},
      {"createdAt", rfc3339(package.created)},
      {"updatedAt", rfc3339(package.modified)},
      {"versions", std::move(versions)},
      {"downloads", downloads}};
}

// What a PATCH asks for. A status says what becomes of `isPublic` as well, but for `archived`.
struct Wish {
  std::optional<bool> is_public;
  Words words;
};

Result<void> read_status(const std::string& status, Wish& wish) {
  if (status == kPublished || status == kDraft || status == kInDevelopment)
    wish.is_public = status == kPublished;
  else if (status != kArchived)
    return fail(Code::bad_request,
                "status must be \"draft\", \"in_development\", \"published\" or \"archived\".");
  const bool says_more = status == kArchived || status == kInDevelopment;
  wish.words.status = says_more ? status : std::string();
  return {};
}

Result<Wish> read_wish(const Json& body) {
  Wish out;
  auto flag = flag_field(body, "isPublic");
  if (!flag) return fail(flag);
  out.is_public = *flag;
  auto status = text_field(body, "status");
  if (!status) return fail(status);
  if (*status)
    if (auto read = read_status(**status, out); !read) return fail(read);
  auto description = text_field(body, "description");
  if (!description) return fail(description);
  if (*description && (*description)->size() > kMaxDescription)
    return fail(Code::bad_request, "A description has at most 500 bytes.");
  out.words.description = std::move(*description);
  return out;
}

// Owners and administrators; for everybody else there is nothing here.
Task<PackageRecord> load_own(Registry& registry, const http::Call& call) {
  const auto key = co_await course_of(registry, call);
  co_return co_await load_for(registry, call.principal, key, Action::change);
}

}  // namespace

Task<http::Response> get_course(Service& service, const http::Call& call) {
  auto package = co_await load_own(service.registry, call);
  const auto course = co_await course_object(service.registry, std::move(package));
  co_return fresh(course);
}

Task<http::Response> patch_course(Service& service, const http::Call& call) {
  Registry& registry = service.registry;
  const auto package = co_await load_own(registry, call);
  const Json body = co_await read_json_object(call.request.body);
  const auto wish = co_await read_wish(body);
  if (wish.is_public)
    co_await set_visibility(registry, actor_of(call), package.key,
                            *wish.is_public ? Visibility::open : Visibility::restricted);
  if (wish.words.description || wish.words.status)
    co_await describe(registry, actor_of(call), package.key, wish.words);
  auto changed = co_await load_own(registry, call);
  const auto course = co_await course_object(registry, std::move(changed));
  co_return fresh(course);
}

Task<http::Response> delete_course(Service& service, const http::Call& call) {
  const auto key = co_await course_of(service.registry, call);
  auto versions = co_await versions_of(service.registry, key);
  co_await unpublish_package(service.registry, kProgy, actor_of(call), key, std::nullopt);
  co_await unname_artifacts(service, key.name, std::move(versions));
  co_return fresh({{"success", true}, {"name", key.name}});
}

}  // namespace kontor::progy
