// Dist-tags. Row NPM-07.
#include "domain/semver.h"
#include "formats/npm/handler_support.h"
#include "formats/npm/handlers.h"
#include "formats/npm/search_entry.h"
#include "formats/npm/tag_rules.h"
#include "registry/package_changes.h"
#include "registry/packages.h"

namespace kontor::npm {
namespace {

constexpr std::size_t kMaxTags = 100;  // in one request
constexpr std::uint64_t kMaxBody = 64 * 1024;

// As documents name versions: cleaned, without build metadata.
Result<std::string> version_text(const std::string& text) {
  if (auto number = clean(text)) return std::move(*number);
  return fail(Code::invalid_version, "A tag points at one exact version, e.g. \"1.2.3\".");
}

Result<std::map<std::string, std::string>> tags_in(const Json& body) {
  if (!body.is_object() || body.size() > kMaxTags)
    return fail(Code::invalid_json, "The body must be an object of tag to version.");
  std::map<std::string, std::string> out;
  for (const auto& [tag, value] : body.items()) {
    if (tag.starts_with('_')) continue;  // "_etag", which clients copy from elsewhere
    if (auto legal = check_tag(tag); !legal) return fail(legal);
    auto version = version_text(value.is_string() ? value.get<std::string>() : std::string());
    if (!version) return fail(version);
    out[tag] = std::move(*version);
  }
  return out;
}

Task<http::Response> set_one(Service& service, const http::Call& call, std::string version) {
  const auto key = co_await package_of(call);
  const std::string tag = call.params["tag"];
  co_await check_tag(tag);
  TagChange change;
  change.set[tag] = co_await version_text(version);
  const auto done =
      co_await change_tags(service.registry, kNpm, actor_of(call), key, std::move(change));
  co_return changed(201, key, done.revision);
}

}  // namespace

Task<http::Response> get_tags(Service& service, const http::Call& call) {
  const auto key = co_await package_of(call);
  const auto package = co_await load_readable(service.registry, call.principal, key);
  co_return ok_json(package.tags.empty() ? Json::object() : Json(package.tags));
}

Task<http::Response> put_tag(Service& service, const http::Call& call) {
  auto version = co_await read_json_string(call);
  co_return co_await set_one(service, call, std::move(version));
}

Task<http::Response> put_version_tag(Service& service, const http::Call& call) {
  co_return co_await set_one(service, call, call.params["version"]);
}

Task<http::Response> delete_tag(Service& service, const http::Call& call) {
  const auto key = co_await package_of(call);
  TagChange change;
  change.remove.push_back(call.params["tag"]);
  const auto done =
      co_await change_tags(service.registry, kNpm, actor_of(call), key, std::move(change));
  co_return changed(200, key, done.revision);
}

Task<http::Response> post_tags(Service& service, const http::Call& call) {
  const auto key = co_await package_of(call);
  TagChange change;
  change.set = co_await tags_in(co_await read_json(call, kMaxBody));
  const auto done =
      co_await change_tags(service.registry, kNpm, actor_of(call), key, std::move(change));
  co_return changed(201, key, done.revision);
}

// The tags become exactly these; `latest` stays where the body does not name it.
Task<http::Response> put_tags(Service& service, const http::Call& call) {
  const auto key = co_await package_of(call);
  TagChange change;
  change.set = co_await tags_in(co_await read_json(call, kMaxBody));
  const auto package = co_await load_readable(service.registry, call.principal, key);
  for (const auto& [tag, version] : package.tags)
    if (tag != "latest" && !change.set.contains(tag)) change.remove.push_back(tag);
  const auto done =
      co_await change_tags(service.registry, kNpm, actor_of(call), key, std::move(change));
  co_return changed(201, key, done.revision);
}

}  // namespace kontor::npm
