// Which course a route is about, in all the spellings of row D-08.
#include "formats/progy/handler_support.h"

#include "formats/progy/names.h"
#include "formats/progy/rename.h"
#include "registry/json_body.h"
#include "registry/packages.h"

#include <algorithm>

namespace kontor::progy {
namespace {

std::unexpected<Error> no_course() {
  return fail(Code::not_found, "No course can have this name; courses are called @username/slug.");
}

bool has_slug(std::string_view name, std::string_view slug) {
  return name.ends_with(slug) && name.substr(0, name.size() - slug.size()).ends_with('/');
}

Task<std::optional<std::string>> own_course(Registry& registry, Principal who, std::string slug) {
  PackageListQuery query{.format = FormatId::progy, .viewer = viewer_of(who), .owned_by = who.user};
  for (;;) {
    const auto page = co_await registry.packages.list(query);
    for (const auto& one : page)
      if (has_slug(one.name, slug)) co_return one.name;
    if (page.size() < query.limit) co_return std::nullopt;
    query.after = page.back().name;
  }
}

// Of the best hits of a search, whose words the parts of a slug are.
Task<std::optional<std::string>> public_course(Registry& registry, Principal who,
                                               std::string slug) {
  SearchQuery query{.format = FormatId::progy, .viewer = viewer_of(who), .words = {slug}};
  query.size = 250;
  query.today = day_of(registry.clock.now());
  const auto page = co_await registry.packages.search(std::move(query));
  std::optional<std::string> found;
  Timestamp newest;
  for (const auto& hit : page.hits) {
    if (!has_slug(hit.name, slug) || (found && hit.published <= newest)) continue;
    found = hit.name;
    newest = hit.published;
  }
  co_return found;
}

Task<PackageKey> course_by_slug(Registry& registry, Principal who, std::string slug) {
  std::optional<std::string> name;
  if (who.user) name = co_await own_course(registry, who, slug);
  if (!name) name = co_await public_course(registry, who, slug);
  if (!name) co_return no_course();
  co_return PackageKey{FormatId::progy, std::move(*name)};
}

}  // namespace

Task<PackageKey> course_of(Registry& registry, const http::Call& call) {
  std::string name = call.params["pkg"];
  if (name.empty()) name = call.params["scope"] + "/" + call.params["slug"];
  if (is_slug(name)) co_return co_await course_by_slug(registry, call.principal, name);
  if (!name.starts_with('@')) name.insert(0, "@");
  const auto parsed = parse_name(name);
  if (!parsed) co_return no_course();
  co_return PackageKey{FormatId::progy, parsed->full()};
}

Task<PackageRecord> load_course(Registry& registry, const http::Call& call, PackageKey key) {
  auto found = co_await whole(load_readable(registry, call.principal, key));
  if (found || found.error().code != Code::not_found) co_return found;
  const auto moved = co_await find_moved(registry, key);
  if (!moved) co_return found;
  co_return co_await load_readable(registry, call.principal, *moved);
}

std::string json_text(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

http::Response fresh(const Json& body) {
  return private_json(200, body);
}

std::string download_url(const http::Call& call, std::string_view package,
                         std::string_view version) {
  return call.base + "/registry/download/" + std::string(package) + "/" + std::string(version);
}

}  // namespace kontor::progy
