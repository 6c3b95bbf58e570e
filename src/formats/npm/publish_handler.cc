// PUT /:pkg and PUT /:pkg/-rev/:rev. A body with a tarball is a publish; any other is the whole
// document sent back with something changed. Rows NPM-04 to NPM-06.
#include "formats/npm/handler_support.h"
#include "formats/npm/handlers.h"
#include "formats/npm/name_rules.h"
#include "formats/npm/packument.h"
#include "formats/npm/provenance.h"
#include "formats/npm/publish_document.h"
#include "formats/npm/returned_document.h"
#include "formats/npm/search_entry.h"
#include "formats/npm/signatures.h"
#include "formats/npm/upload.h"

#include <algorithm>
#include <charconv>

namespace kontor::npm {
namespace {

constexpr std::size_t kMaxNotice = 2000;

Result<PublishTarget> target_of(const http::Call& call) {
  auto name = parse_package_name(call.params["pkg"]);
  if (!name) return fail(name);
  if (auto key = package_of(call); !key) return fail(key);
  return publish_target(*name);
}

// What the publisher is told where the stated access is not the package's. It counts for new
// packages only: yarn 4 states one each time without being asked, so obeying it would show or hide
// packages by accident.
std::string access_notice(const PackageKey& key, Visibility now, Visibility stated) {
  if (now == stated) return {};
  const bool open = now == Visibility::open;
  return key.name + " stays " + (open ? "public" : "restricted") +
         "; to change that: npm access set status=" + (open ? "private " : "public ") + key.name;
}

// As a header, which clients print in one line.
std::string notice_of(const std::vector<std::string>& notices) {
  std::string text;
  for (const auto& notice : notices) text += (text.empty() ? "" : "; ") + notice;
  std::erase_if(text, [](char c) { return c < ' ' || c > '~'; });
  text.resize(std::min(text.size(), kMaxNotice));
  return text;
}

// As changed(), with what the log says of it.
Task<http::Response> published_answer(Service& service, const http::Call& call, PackageKey key,
                                      Published published) {
  if (!published.logged) co_return changed(201, key, published.revision);
  Receipt receipt{*published.logged, std::nullopt};
  if (service.receipts)
    receipt = co_await receipt_for(*service.receipts, receipt.place, wanted_wait(call.request));
  Json tlog = {{"log", std::string(to_string(receipt.place.log))}, {"index", receipt.place.index}};
  if (receipt.proof) tlog["proof"] = std::move(*receipt.proof);
  co_return changed(201, key, published.revision, {{"tlog", std::move(tlog)}});
}

// What the registry adds by itself: the bundle where it holds, and its own signature.
Task<Publication> attested(Service& service, const Attachment* bundle, Publication publication) {
  const std::string& package = publication.key.name;
  VersionRecord& version = publication.version;
  if (bundle) {
    const auto verified = co_await service.attestations->verify(bundle->text);
    auto type =
        co_await check_statement(verified, {package, version.version, version.archive.sha512});
    version = with_provenance(std::move(version), package, type);
    publication.attestations.push_back({std::move(type), bundle->text});
  }
  publication.at = service.registry.clock.now();  // before it is signed: ports/release_signer.h
  if (service.signer)
    version = co_await signed_version(*service.signer, package, std::move(version));
  co_return publication;
}

Task<Publication> read_publication(Service& service, Principal who, PublishTarget target,
                                   const Upload& upload) {
  const Person publisher = co_await person_of(service.registry, std::move(who));
  auto maintainers = maintainers_of(upload.owners);
  if (upload.owners.empty()) maintainers.push_back(publisher);
  const auto depth = service.registry.settings->publish.max_json_depth;
  auto publication =
      co_await decode_publication({.name = target.key.name,
                                   .envelope = upload.envelope,
                                   .archive = upload.digests,
                                   .report = *upload.report,
                                   .publisher = publisher,
                                   .maintainers = std::move(maintainers),
                                   .max_json_depth = depth,
                                   .takes_bundles = service.attestations != nullptr});
  publication.scope = target.scope;
  publication.collision_key = target.collision_key;
  co_return co_await attested(service, upload.envelope.bundle(), std::move(publication));
}

Task<http::Response> finish_publish(Service& service, const http::Call& call, PublishTarget target,
                                    Upload upload) {
  Registry& registry = service.registry;
  auto publication = co_await whole(read_publication(service, call.principal, target, upload));
  if (!publication) {
    registry.observer.published(to_string(FormatId::npm), false);
    co_return fail(publication);
  }
  const auto stated = publication->visibility;
  const auto published = co_await publish(registry, kNpm, actor_of(call), std::move(*publication),
                                          std::move(upload.archive));
  auto response = co_await published_answer(service, call, target.key, published);
  auto notices = published.warnings;
  if (stated && !upload.owners.empty())
    if (auto notice = access_notice(target.key, published.visibility, *stated); !notice.empty())
      notices.push_back(std::move(notice));
  if (!notices.empty()) response.set("npm-notice", notice_of(notices));
  co_return response;
}

}  // namespace

Task<http::Response> put_package(Service& service, const http::Call& call) {
  auto target = co_await target_of(call);
  auto upload = co_await receive_upload(service.registry, call, target);
  if (upload.archive)
    co_return co_await finish_publish(service, call, std::move(target), std::move(upload));
  if (upload.envelope.bundle()) co_return fail(Code::missing_attachment);
  co_return co_await apply_returned(service.registry, call, target.key,
                                    std::move(upload.envelope.document), {});
}

Task<http::Response> put_package_revision(Service& service, const http::Call& call) {
  const auto key = co_await package_of(call);
  auto upload = co_await receive_upload(service.registry, call, {key, {}, {}});
  if (!upload.envelope.attachments.empty())
    co_return fail(Code::bad_request, "Publish with PUT to the package, without -rev.");
  co_return co_await apply_returned(service.registry, call, key,
                                    std::move(upload.envelope.document), call.params["rev"]);
}

}  // namespace kontor::npm
