// One loop over the body's pieces; whatever fails ends it and leaves nothing behind.
#include "formats/npm/upload.h"

#include "formats/npm/handler_support.h"
#include "formats/npm/publish_document.h"
#include "formats/npm/search_entry.h"

namespace kontor::npm {
namespace {

EnvelopeLimits envelope_limits(const PublishSettings& settings) {
  EnvelopeLimits limits;
  limits.document.max_bytes = settings.max_document_bytes;
  limits.document.max_depth = settings.max_json_depth;
  limits.tarball_bytes = settings.max_tarball_bytes;
  return limits;
}

// Refuses what could not be read anyway, before a byte of it is.
Result<void> check_head(const http::Request& request, const PublishSettings& settings) {
  const auto encoding = request.header("content-encoding");
  if (!encoding.empty() && encoding != "identity")
    return fail(Code::unsupported_media, "Send the document without content-encoding.");
  if (!request.body) return fail(Code::invalid_json);
  const auto longest = settings.max_document_bytes + settings.max_tarball_bytes / 3 * 4 + 4;
  if (request.body->declared_length().value_or(0) > longest)
    return fail(Code::too_large, "The document with its tarball may have at most " +
                                     std::to_string(longest) + " bytes.");
  return {};
}

// `begun` outlives the task; set once there is a tarball, which makes it a publish.
Task<Upload> receive(Registry& registry, const http::Call& call, PublishTarget target,
                     bool& begun) {
  const auto settings = registry.settings;
  const PublishSettings& limits = settings->publish;
  co_await check_head(call.request, limits);
  Upload out;
  EnvelopeReader reader(envelope_limits(limits));
  std::unique_ptr<ArchiveCheck> check;
  Bytes tarball;
  for (;;) {
    const ByteView piece = co_await call.request.body->read();
    if (piece.empty()) break;
    tarball.clear();
    co_await reader.feed(piece, tarball);
    if (tarball.empty()) continue;
    if (!check) {
      begun = true;
      out.owners = co_await admit_publish(registry, kNpm, actor_of(call), target);
      out.archive = co_await registry.blobs.stage();
      check = registry.processor.begin(tarball_request(limits));
    }
    co_await check->feed(tarball);
    co_await out.archive->append(tarball);
  }
  out.envelope = co_await reader.finish();
  if (!check) co_return out;
  out.report = co_await check->finish();
  out.digests = co_await out.archive->seal();
  co_return out;
}

}  // namespace

ArchiveRequest tarball_request(const PublishSettings& settings) {
  ArchiveRequest out;
  out.limits.packed_bytes = settings.max_tarball_bytes;
  out.limits.unpacked_bytes = settings.max_unpacked_bytes;
  out.limits.entries = settings.max_archive_entries;
  out.limits.ratio = settings.max_compression_ratio;
  out.wanted = wanted_files();
  return out;
}

Task<Upload> receive_upload(Registry& registry, const http::Call& call, PublishTarget target) {
  bool begun = false;
  auto upload = co_await whole(receive(registry, call, std::move(target), begun));
  if (!upload && begun) registry.observer.published(to_string(FormatId::npm), false);
  co_return std::move(upload);
}

}  // namespace kontor::npm
