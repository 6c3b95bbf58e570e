// One loop over the body's pieces; whatever fails ends it and leaves nothing behind.
#include "formats/progy/upload.h"

#include "base/encoding.h"
#include "formats/progy/contents.h"
#include "http/multipart.h"

namespace kontor::progy {
namespace {

constexpr std::uint64_t kMaxMetadata = 256 * 1024;
constexpr std::uint64_t kMaxEnvelope = 512 * 1024;  // boundaries, heads and the metadata

std::unexpected<Error> no_file(std::string sentence) {
  return fail(Code::missing_attachment, std::move(sentence));
}

// Sorts the parts; the file's bytes are taken out after each piece. Parts of other names are
// skipped.
class Parts final : public http::PartSink {
 public:
  Result<void> begin_part(const http::PartHead& head) override {
    part_ = head.name == "file"       ? Part::file
            : head.name == "metadata" ? Part::metadata
                                      : Part::other;
    if (part_ != Part::file) return {};
    if (std::exchange(seen_, true)) return no_file("The body has two parts called file.");
    if (!head.file_name.empty() && !head.file_name.ends_with(".progy"))
      return no_file("The file must be an artifact called *.progy, as `progy pack` makes it.");
    return {};
  }
  Result<void> data(ByteView piece) override {
    if (part_ == Part::file) file += piece;
    if (part_ != Part::metadata) return {};
    if (metadata.size() + piece.size() > kMaxMetadata)
      return fail(Code::too_large, "The metadata may have at most 262144 bytes.");
    metadata += piece;
    return {};
  }
  Result<void> end_part() override { return {}; }
  bool has_file() const { return seen_; }

  Bytes file;  // since it was last taken
  std::string metadata;

 private:
  enum class Part : std::uint8_t { file, metadata, other };
  Part part_ = Part::other;
  bool seen_ = false;
};

// Refuses what could not be read anyway, before a byte of it is.
Result<void> check_head(const http::Request& request) {
  if (request.body &&
      request.body->declared_length().value_or(0) > kMaxArtifactBytes + kMaxEnvelope)
    return fail(Code::too_large, "An artifact may have at most 100 MiB.");
  const auto encoding = request.header("content-encoding");
  if (!encoding.empty() && !equal_ignoring_case(encoding, "identity"))
    return fail(Code::unsupported_media, "Send the artifact without content-encoding.");
  return {};
}

}  // namespace

Task<Upload> receive_upload(Service& service, const http::Call& call) {
  Registry& registry = service.registry;
  co_await check_head(call.request);
  const auto boundary = http::multipart_boundary(call.request.header("content-type"));
  if (!boundary || !call.request.body)
    co_return no_file("Send multipart/form-data with the parts file and metadata.");
  Upload out;
  out.artifact = co_await registry.blobs.stage();
  const auto check = registry.processor.begin(artifact_request());
  http::MultipartReader reader(*boundary);
  Parts parts;
  for (;;) {
    const ByteView piece = co_await call.request.body->read();
    if (piece.empty()) break;
    parts.file.clear();
    co_await reader.feed(piece, parts);
    if (parts.file.empty()) continue;
    co_await check->feed(parts.file);
    co_await out.artifact->append(parts.file);
  }
  co_await reader.finish();
  if (!parts.has_file()) co_return no_file("The body has no part called file.");
  out.report = co_await check->finish();
  out.digests = co_await out.artifact->seal();
  out.metadata = std::move(parts.metadata);
  co_return out;
}

}  // namespace kontor::progy
