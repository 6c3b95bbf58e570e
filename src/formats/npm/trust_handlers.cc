// What clients verify versions with: the registry's public keys, and bundles that publishers sent.
// Protocol notes, section 9.2.
#include "base/sha256.h"
#include "formats/npm/caching.h"
#include "formats/npm/fragment.h"
#include "formats/npm/handler_support.h"
#include "formats/npm/handlers.h"
#include "formats/npm/name_rules.h"
#include "formats/npm/provenance.h"
#include "formats/npm/signatures.h"
#include "http/conditional.h"
#include "registry/packages.h"

namespace kontor::npm {
namespace {

struct VersionOf {
  PackageKey key;
  std::string version;
};

// "@scope/name@1.0.0".
Result<VersionOf> version_of(const std::string& text) {
  const auto at = text.rfind('@');
  const auto name = parse_lookup_name(text.substr(0, at));
  if (!name || at == 0 || at == text.npos) return fail(Code::not_found);
  return VersionOf{{FormatId::npm, name->full()}, text.substr(at + 1)};
}

}  // namespace

// A client that knows an old list would take a version signed since for one that nobody signed, so
// it has to ask each time.
Task<http::Response> get_keys(Service& service, const http::Call& call) {
  if (!service.signer) co_return fail(Code::not_found, "This registry does not sign its versions.");
  const std::string body = to_text(describe_keys(co_await service.signer->release_keys()));
  auto response = http::json_response(200, body);
  const std::string etag = "\"" + sha256(body).hex().substr(0, 32) + "\"";
  response.set("etag", etag);
  response.set("cache-control", "public, no-cache");
  if (http::not_modified(call.request.header("if-none-match"), {}, etag, {})) {
    response.status = 304;
    response.body = Bytes();
  }
  co_return response;
}

Task<http::Response> get_attestations(Service& service, const http::Call& call) {
  Registry& registry = service.registry;
  const auto wanted = co_await version_of(call.params["entry"]);
  const auto package = co_await load_readable(registry, call.principal, wanted.key);
  const auto found = co_await registry.packages.attestations(package.id, wanted.version);
  if (found.empty())
    co_return fail(Code::not_found,
                   "There is no provenance of " + wanted.key.name + "@" + wanted.version + ".");
  auto response = http::json_response(200, render_attestations(found));
  cache_document(response, package.visibility, *registry.settings);
  co_return response;
}

}  // namespace kontor::npm
