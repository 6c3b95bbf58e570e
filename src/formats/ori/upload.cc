// One loop over the body's pieces; whatever fails ends it and leaves nothing behind.
#include "formats/ori/upload.h"

#include "base/encoding.h"
#include "formats/ori/contents.h"
#include "formats/ori/handler_support.h"
#include "formats/ori/records.h"
#include "http/multipart.h"

#include <optional>

namespace kontor::ori {
namespace {

constexpr std::uint64_t kMaxMetadata = 64 * 1024;
constexpr std::uint64_t kMaxEnvelope = 128 * 1024;  // boundaries, heads and the metadata

// Sorts the parts; the archive's bytes are taken out after each piece.
class Parts final : public http::PartSink {
 public:
  Result<void> begin_part(const http::PartHead& head) override {
    part_ = head.name == "archive"    ? Part::archive
            : head.name == "metadata" ? Part::metadata
                                      : Part::other;
    if (part_ == Part::archive && std::exchange(seen_, true))
      return fail(Code::bad_request, "The body has two parts called archive.");
    return {};
  }
  Result<void> data(ByteView piece) override {
    if (part_ == Part::archive) archive += piece;
    if (part_ != Part::metadata) return {};
    if (metadata.size() + piece.size() > kMaxMetadata)
      return fail(Code::too_large, "The metadata may have at most 65536 bytes.");
    metadata += piece;
    return {};
  }
  Result<void> end_part() override { return {}; }
  bool has_archive() const { return seen_; }

  Bytes archive;  // since it was last taken
  std::string metadata;

 private:
  enum class Part : std::uint8_t { archive, metadata, other };
  Part part_ = Part::other;
  bool seen_ = false;
};

bool is_plain_archive(std::string_view type) {
  type = type.substr(0, type.find(';'));
  for (const auto* known : {"application/gzip", "application/x-gzip", "application/octet-stream"})
    if (equal_ignoring_case(type, known)) return true;
  return false;
}

// Refuses what could not be read anyway, before a byte of it is.
Result<void> check_head(const http::Request& request) {
  const auto encoding = request.header("content-encoding");
  if (!encoding.empty() && !equal_ignoring_case(encoding, "identity"))
    return fail(Code::unsupported_media, "Send the archive without content-encoding.");
  if (!request.body) return fail(Code::bad_request, "The body must be the archive.");
  if (request.body->declared_length().value_or(0) > kMaxArchiveBytes + kMaxEnvelope)
    return fail(Code::too_large, "An archive may have at most 10 MiB.");
  return {};
}

}  // namespace

Task<Upload> receive_upload(Service& service, const http::Call& call, PublishTarget target) {
  Registry& registry = service.registry;
  co_await check_head(call.request);
  const auto type = call.request.header("content-type");
  const auto boundary = http::multipart_boundary(type);
  if (!boundary && !is_plain_archive(type))
    co_return fail(Code::unsupported_media,
                   "Send the archive as application/gzip, or as the part `archive` of "
                   "multipart/form-data.");
  co_await admit_publish(registry, kOri, actor_of(call), target);
  Upload out;
  out.archive = co_await service.archives.stage();
  const auto check = registry.processor.begin(archive_request());
  std::optional<http::MultipartReader> reader;
  if (boundary) reader.emplace(*boundary);
  Parts parts;
  for (;;) {
    ByteView piece = co_await call.request.body->read();
    if (piece.empty()) break;
    if (reader) {
      parts.archive.clear();
      co_await reader->feed(piece, parts);
      piece = parts.archive;
    }
    if (piece.empty()) continue;
    co_await check->feed(piece);
    co_await out.archive->append(piece);
  }
  if (reader) co_await reader->finish();
  if (reader && !parts.has_archive())
    co_return fail(Code::missing_attachment, "The body has no part called archive.");
  out.report = co_await check->finish();
  out.digests = co_await out.archive->seal();
  out.metadata = std::move(parts.metadata);
  co_return out;
}

}  // namespace kontor::ori
