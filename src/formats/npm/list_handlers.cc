// Lists of packages: by user, by organisation, by scope, all of them, and starred ones.
#include "formats/npm/caching.h"
#include "formats/npm/fragment.h"
#include "formats/npm/handler_support.h"
#include "formats/npm/handlers.h"
#include "formats/npm/manifest.h"
#include "registry/packages.h"

#include <charconv>

namespace kontor::npm {
namespace {

constexpr std::size_t kMaxListed = 10'000;  // packages in one answer
constexpr std::uint32_t kPage = 1000;

// Packages that have versions.
struct Listed {
  std::vector<PackageListing> packages;
  bool more = false;  // there may be others
  std::string last;   // after this one
};

Task<Listed> list_some(Registry& registry, PackageListQuery query) {
  Listed out;
  for (query.limit = kPage;;) {
    auto page = co_await registry.packages.list(query);
    const bool last = page.size() < kPage;
    if (!page.empty()) query.after = page.back().name;
    for (auto& listing : page)
      if (!listing.document.empty()) out.packages.push_back(std::move(listing));
    if (last) co_return out;
    if (out.packages.size() < kMaxListed) continue;
    query.limit = 1;
    out.more = !(co_await registry.packages.list(query)).empty();
    out.last = std::move(query.after);
    co_return out;
  }
}

// For answers that have no place to say that there is more: a list that ends early is a lie.
Task<std::vector<PackageListing>> list_all(Registry& registry, PackageListQuery query) {
  auto listed = co_await list_some(registry, std::move(query));
  if (listed.more)
    co_return fail(Code::too_large,
                   "There are more than 10000 packages to list; search for them, "
                   "or read them in parts from /-/package/list?after=.");
  co_return std::move(listed.packages);
}

// What the caller may do with the packages of `query`, all of which are in `packages`.
Task<std::vector<PackageListing>> with_roles(Registry& registry, Principal who,
                                             PackageListQuery query,
                                             std::vector<PackageListing> packages) {
  if (who.is_admin)
    for (auto& package : packages) package.role = OwnerRole::maintainer;
  if (who.is_admin || !who.user) co_return packages;
  query.owned_by = who.user;
  const auto own = co_await list_all(registry, std::move(query));
  auto next = own.begin();  // both are in order of names
  for (auto& package : packages) {
    while (next != own.end() && next->name < package.name) ++next;
    if (next != own.end() && next->name == package.name) package.role = next->role;
  }
  co_return packages;
}

PackageListQuery query_of(const http::Call& call) {
  PackageListQuery query;
  query.viewer = viewer_of(call.principal);
  return query;
}

std::string without_at(std::string name) {
  if (name.starts_with('@')) name.erase(0, 1);
  return name;
}

// Appended as text: looking each of many names up in a tree takes quadratic time.
http::Response permissions(const std::vector<PackageListing>& packages) {
  std::string body = "{";
  for (const auto& package : packages)
    body += (body.size() == 1 ? "" : ",") + json_string(package.name) + ":" +
            (package.role == OwnerRole::maintainer ? "\"write\"" : "\"read\"");
  auto response = http::json_response(200, body + "}");
  never_cache(response);
  return response;
}

// Milliseconds since 1970, as couch views take them.
std::optional<Timestamp> since(const http::Call& call) {
  const auto text = call.request.query_value("startkey");
  if (!text) return std::nullopt;
  Timestamp out;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), out.ms);
  return error == std::errc() ? std::optional(out) : std::nullopt;
}

// One package of /-/all, from the document that a search shows of it.
Json summary(const PackageListing& package) {
  const Json document = parse_fragment(package.document);
  Json out = Json::object();
  out["name"] = package.name;
  out["description"] = string_member(document, "description");
  const auto version = string_member(document, "version");
  out["dist-tags"] = version.empty() ? Json::object() : Json{{"latest", version}};
  if (const auto words = document.find("keywords"); words != document.end())
    out["keywords"] = *words;
  out["time"] = Json{{"modified", rfc3339(package.modified)}};
  return out;
}

}  // namespace

Task<http::Response> get_user_packages(Service& service, const http::Call& call) {
  Registry& registry = service.registry;
  const auto user = co_await registry.accounts.find_user(call.params["user"]);
  if (!user) co_return fail(Code::not_found);
  auto query = query_of(call);
  query.owned_by = user->id;
  co_return permissions(co_await list_all(registry, query));
}

// There are no organisations: a scope's packages are shown under its name, unless it is a user's.
// For those npm asks again with the user's list.
Task<http::Response> get_scope_packages(Service& service, const http::Call& call) {
  Registry& registry = service.registry;
  const auto scope = without_at(call.params["org"]);
  if (co_await registry.accounts.find_user(scope)) co_return fail(Code::not_found);
  auto query = query_of(call);
  query.scope = scope;
  auto packages = co_await list_all(registry, query);
  if (packages.empty()) co_return fail(Code::not_found);
  co_return permissions(co_await with_roles(registry, call.principal, query, std::move(packages)));
}

Task<http::Response> get_package_list(Service& service, const http::Call& call) {
  auto query = query_of(call);
  query.scope = without_at(call.request.query_value("scope").value_or(std::string()));
  query.after = call.request.query_value("after").value_or(std::string());
  const auto listed = co_await list_some(service.registry, query);
  Json list = Json::array();
  for (const auto& package : listed.packages) list.push_back(summary(package));
  Json body = {{"packages", std::move(list)}, {"total", listed.packages.size()}};
  if (listed.more) body["next"] = listed.last;
  auto response = ok_json(body);
  cache_list(response, call.principal, *service.registry.settings, 60);
  co_return response;
}

Task<http::Response> get_all(Service& service, const http::Call& call) {
  auto query = query_of(call);
  query.modified_since = since(call);
  const auto packages = co_await list_all(service.registry, query);
  std::string body = "{\"_updated\":" + std::to_string(service.registry.clock.now().ms);
  for (const auto& package : packages)
    body += "," + json_string(package.name) + ":" + to_text(summary(package));
  auto response = http::json_response(200, body + "}");
  cache_list(response, call.principal, *service.registry.settings, 60);
  co_return response;
}

Task<http::Response> get_starred(Service& service, const http::Call& call) {
  Registry& registry = service.registry;
  const auto key = call.request.query_value("key").value_or(std::string());
  const auto name = Json::parse(key, nullptr, false);
  if (!name.is_string())
    co_return fail(Code::bad_request, "key must be a user name in double quotes.");
  const auto starred = co_await registry.packages.starred_by(
      name.get<std::string>(), FormatId::npm, viewer_of(call.principal));
  Json rows = Json::array();
  for (const auto& package : starred)
    rows.push_back({{"id", package}, {"key", name}, {"value", package}});
  co_return ok_json({{"rows", std::move(rows)}});
}

}  // namespace kontor::npm
