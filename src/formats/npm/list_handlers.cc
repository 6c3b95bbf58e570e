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

Task<std::vector<PackageListing>> list_all(Registry& registry, PackageListQuery query) {
  std::vector<PackageListing> out;
  query.limit = kPage;
  for (;;) {
    auto page = co_await registry.packages.list(query);
    const bool last = page.size() < kPage;
    if (!page.empty()) query.after = page.back().name;
    for (auto& listing : page) out.push_back(std::move(listing));
    if (last || out.size() >= kMaxListed) co_return out;
  }
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
  const auto packages = co_await list_all(registry, query);
  if (packages.empty()) co_return fail(Code::not_found);
  co_return permissions(packages);
}

Task<http::Response> get_package_list(Service& service, const http::Call& call) {
  auto query = query_of(call);
  query.scope = without_at(call.request.query_value("scope").value_or(std::string()));
  const auto packages = co_await list_all(service.registry, query);
  Json list = Json::array();
  for (const auto& package : packages) list.push_back(summary(package));
  auto response = ok_json({{"packages", std::move(list)}, {"total", packages.size()}});
  cache_list(response, call.principal, *service.registry.settings, 60);
  co_return response;
}

Task<http::Response> get_all(Service& service, const http::Call& call) {
  auto query = query_of(call);
  query.modified_since = since(call);
  const auto packages = co_await list_all(service.registry, query);
  std::string body = "{\"_updated\":" + std::to_string(service.registry.clock.now().ms);
  for (const auto& package : packages)
    if (!package.document.empty())
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
