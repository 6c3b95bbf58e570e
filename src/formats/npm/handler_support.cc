// Small and boring on purpose: handlers read better without it.
#include "formats/npm/handler_support.h"

#include "archive/gzip_writer.h"
#include "domain/collision_key.h"
#include "formats/npm/advisory_members.h"
#include "formats/npm/caching.h"
#include "formats/npm/fragment.h"
#include "formats/npm/name_rules.h"
#include "formats/npm/packument.h"

namespace kontor::npm {
namespace {

constexpr std::uint64_t kMaxString = 4096;

}  // namespace

Result<PackageKey> package_of(const http::Call& call) {
  const std::string& text = call.params["pkg"];
  const auto name = parse_lookup_name(text);
  if (!name) return fail(Code::not_found);
  const bool at_root = call.base == call.request.base_url;
  if (at_root && is_reserved_at_root(*name))
    return fail(
        Code::reserved_name,
        "The name " + text +
            " is reserved at the root of this server; it can be used below "
            "a path prefix of the registry only, which is /npm/ unless configured otherwise.");
  return PackageKey{FormatId::npm, name->full()};
}

PublishTarget publish_target(const PackageName& name) {
  // Look-alikes inside a scope are its owners' own affair.
  return {{FormatId::npm, name.full()},
          name.scope,
          name.scoped() ? std::string() : collision_key(name)};
}

Task<Person> person_of(Registry& registry, Principal who) {
  if (!who.user) co_return fail(Code::unauthenticated);
  if (who.facts) co_return Person{who.name, who.facts->email};
  const auto user = co_await registry.accounts.find_user_by_id(*who.user);
  co_return Person{who.name, user ? user->email : std::string()};
}

Task<Error> quarantine_of(Registry& registry, PackageRecord package, std::string version) {
  const auto findings = co_await parse_findings(co_await registry.packages.findings(package.id));
  co_return quarantine_error(package.key.name, version, findings);
}

http::Response changed(std::uint16_t status, const PackageKey& key, std::uint64_t revision,
                       const Json& more) {
  Json body = {{"ok", true},
               {"success", true},
               {"id", key.name},
               {"rev", revision_text(key.name, revision)}};
  body.update(more);
  auto response = http::json_response(status, to_text(body));
  never_cache(response);
  return response;
}

http::Response ok_json(const Json& body) {
  auto response = http::json_response(200, to_text(body));
  never_cache(response);
  return response;
}

Task<Json> read_json(const http::Call& call, std::uint64_t max_bytes) {
  const auto encoding = call.request.header("content-encoding");
  Bytes body = co_await http::read_all(call.request.body, max_bytes);
  if (equal_ignoring_case(encoding, "gzip") || equal_ignoring_case(encoding, "x-gzip"))
    body = co_await gunzip(body, max_bytes);
  else if (!encoding.empty() && !equal_ignoring_case(encoding, "identity"))
    co_return fail(Code::unsupported_media, "Send the body plain or with content-encoding gzip.");
  co_return co_await parse_json(body, {.max_bytes = max_bytes});
}

Task<std::string> read_json_string(const http::Call& call) {
  const Json body = co_await read_json(call, kMaxString);
  if (!body.is_string()) co_return fail(Code::invalid_json, "The body must be one JSON string.");
  co_return body.get<std::string>();
}

}  // namespace kontor::npm
