// GET /:pkg and GET /:pkg/:version. Documents are kept under their ETag, so a repeated read costs a
// look-up of the package and nothing else. Rows NPM-01, NPM-02.
#include "archive/gzip_writer.h"
#include "domain/semver_range.h"
#include "formats/npm/caching.h"
#include "formats/npm/fragment.h"
#include "formats/npm/handler_support.h"
#include "formats/npm/handlers.h"
#include "formats/npm/packument_making.h"
#include "http/conditional.h"
#include "ports/document_shelf.h"
#include "registry/document_cache.h"
#include "registry/packages.h"
#include "registry/ready_answers.h"
#include "registry/rehearse.h"

namespace kontor::npm {
namespace {

constexpr std::string_view kAbbreviatedType = "application/vnd.npm.install-v1+json";
constexpr int kRounds = 3;  // of putting a document together

// The abbreviated form goes to those who name it; "*/*" and no Accept at all mean the full one.
Form choose_form(std::string_view accept) {
  if (accept.find(kAbbreviatedType) == accept.npos) return Form::full;
  const int abbreviated = http::accept_quality(accept, kAbbreviatedType);
  const bool preferred = abbreviated >= http::accept_quality(accept, "application/json");
  return abbreviated > 0 && preferred ? Form::abbreviated : Form::full;
}

// The package to show. Where all versions are gone it is gone for readers, too; only then does the
// answer say more than that of a name nobody used.
Task<PackageRecord> load_shown(Registry& registry, Principal who, PackageKey key) {
  auto package = co_await load_readable(registry, std::move(who), key);
  if (package.unpublished)
    co_return fail(Code::not_found, key.name + " was unpublished on " +
                                        rfc3339(*package.unpublished) + "; no version is left.");
  co_return package;
}

// One answer in the making: which state of which package, in which coding.
struct Document {
  std::string etag;
  bool gzipped = false;
  http::Response response;
};

// What identifies and describes the document. A date that may still get another state (HTTP dates
// have whole seconds) is left out, so that If-Modified-Since never hides a change.
void add_validators(Document& out, const PackageRecord& package, Timestamp now) {
  out.response.set("etag", out.etag);
  if (now.ms / 1000 > package.modified.ms / 1000)
    out.response.set("last-modified", http_date(package.modified));
}

void forget_validators(http::Response& response) {
  std::erase_if(response.headers, [](const http::Header& header) {
    return header.name == "etag" || header.name == "last-modified";
  });
  never_cache(response);
}

// Everything but the body; status 304 where the client has it already.
Document begin(const Registry& registry, const http::Call& call, const PackageRecord& package,
               std::string_view representation, std::string_view type) {
  const auto& request = call.request;
  Document out;
  out.gzipped = http::accepts_encoding(request.header("accept-encoding"), "gzip");
  const std::string coding = out.gzipped ? "gzip" : "identity";
  out.etag = make_etag(package, call.base, std::string(representation) + "\n" + coding);
  add_validators(out, package, registry.clock.now());
  out.response.set("vary", "accept, accept-encoding");
  cache_document(out.response, package.visibility, *registry.settings);
  if (http::not_modified(request.header("if-none-match"), request.header("if-modified-since"),
                         out.etag, package.modified)) {
    out.response.status = 304;
    return out;
  }
  out.response.set("content-type", std::string(type));
  if (out.gzipped) out.response.set("content-encoding", "gzip");
  return out;
}

SharedBytes encode(Bytes text, bool gzipped) {
  return share(gzipped ? gzip(text) : std::move(text));
}

Task<std::string> resolve(Registry& registry, PackageRecord package, std::string wanted) {
  if (const auto tag = package.tags.find(wanted); tag != package.tags.end()) co_return tag->second;
  if (auto exact = clean(wanted, Grammar::loose)) co_return std::move(*exact);
  const auto range = parse_range(wanted);
  if (!range) co_return fail(Code::version_not_found, "version not found: " + wanted);
  const auto latest = package.tags.find("latest");
  if (latest != package.tags.end() && satisfies(latest->second, wanted)) co_return latest->second;
  std::vector<std::string> versions;
  const auto fragments =
      co_await registry.packages.fragments(package.id, FragmentKind::abbreviated);
  for (const auto& fragment : fragments) versions.push_back(fragment.version);
  const auto best = max_satisfying(versions, *range);
  if (!best) co_return fail(Code::version_not_found, "version not found: " + wanted);
  co_return versions[*best];
}

Document begin_packument(const Registry& registry, const http::Call& call,
                         const PackageRecord& package, Form form) {
  const bool full = form == Form::full;
  return begin(registry, call, package, full ? "full" : "abbreviated",
               full ? "application/json" : kAbbreviatedType);
}

// From this loop's cache, or from the shelf, where nothing lies of packages that are not public.
Task<SharedBytes> kept_document(Registry& registry, PackageRecord package, std::string etag) {
  SharedBytes body = registry.documents.find(etag);
  registry.observer.document_cache(body != nullptr);
  if (body || !registry.shelf || package.visibility != Visibility::open) co_return body;
  body = co_await registry.shelf->find(etag);
  if (body) registry.documents.put(etag, body);
  co_return body;
}

void keep_document(Registry& registry, const PackageRecord& package, const std::string& etag,
                   const SharedBytes& body) {
  registry.documents.put(etag, body);
  if (registry.shelf && package.visibility == Visibility::open) registry.shelf->put(etag, body);
}

// Whether the package is still as it was; otherwise what was put together since may be of two
// states.
Task<bool> unchanged(Registry& registry, PackageRecord package) {
  const auto now = co_await registry.packages.find(package.key);
  co_return now && now->revision == package.revision;
}

// What make_whole() will ask.
Task<bool> ask_all(Registry& registry, PackumentOrder order) {
  co_await ask_for_packument(registry, order);
  co_return co_await unchanged(registry, std::move(order.package));
}

struct Made {
  SharedBytes body;
  bool fits = false;  // it is of one state
};

Task<Made> make_whole(Registry& registry, PackumentOrder order) {
  auto body = co_await make_packument(registry, order);
  co_return Made{std::move(body), co_await unchanged(registry, order.package)};
}

}  // namespace

// A document that was overtaken while it was put together is made again; of a package that never
// rests the last one is sent, for this once and without an ETag.
Task<http::Response> get_package(Service& service, const http::Call& call) {
  Registry& registry = service.registry;
  const auto key = co_await package_of(call);
  const Form form = choose_form(call.request.header("accept"));
  for (int round = 1;; ++round) {
    const auto stamp = stamp_of(registry, key);
    const auto package = co_await load_shown(registry, call.principal, key);
    Document out = begin_packument(registry, call, package, form);
    if (out.response.status == 304) {
      keep_answer(registry, call, stamp, package, {package.modified, {}}, out.response);
      co_return std::move(out.response);
    }
    SharedBytes body = co_await kept_document(registry, package, out.etag);
    if (!body) {
      const PackumentOrder order{package, form, std::string(call.base), out.gzipped, out.etag};
      rehearse(registry, [&] { return ask_all(registry, order); });
      const auto made = co_await make_whole(registry, order);
      if (!made.fits && round < kRounds) continue;
      body = made.body;
      if (made.fits)
        keep_document(registry, package, out.etag, body);
      else
        forget_validators(out.response);
    }
    out.response.body = std::move(body);
    keep_answer(registry, call, stamp, package, {package.modified, {}}, out.response);
    co_return std::move(out.response);
  }
}

Task<http::Response> get_version(Service& service, const http::Call& call) {
  Registry& registry = service.registry;
  const auto key = co_await package_of(call);
  const auto package = co_await load_shown(registry, call.principal, key);
  const auto number = co_await resolve(registry, package, call.params["version"]);
  const auto version = co_await registry.packages.find_version(package.id, number);
  if (!version) co_return fail(Code::version_not_found, "version not found: " + number);
  if (version->quarantined)
    co_return std::unexpected(co_await quarantine_of(registry, package, number));
  Document out = begin(registry, call, package, "version " + number, "application/json");
  if (out.response.status == 304) co_return std::move(out.response);
  out.response.body = encode(expanded(version->manifest, call.base), out.gzipped);
  co_return std::move(out.response);
}

}  // namespace kontor::npm
