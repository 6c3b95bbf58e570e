// Headers first: a 304 has them too.
#include "registry/archive_answer.h"

#include "http/conditional.h"

namespace kontor {
namespace {

std::string range_text(const http::ByteRange& part, std::uint64_t size) {
  return "bytes " + std::to_string(part.offset) + "-" +
         std::to_string(part.offset + part.length - 1) + "/" + std::to_string(size);
}

http::Response unsatisfiable(const ArchiveFace& face, std::uint64_t size) {
  auto response =
      face.refuse({Code::invalid_range, "The file has " + std::to_string(size) + " bytes.", {}});
  response.set("content-range", "bytes */" + std::to_string(size));
  return response;
}

}  // namespace

http::Response archive_answer(const http::Request& request, const ArchiveRecord& record,
                              const ArchiveFace& face) {
  http::Response response;
  response.set("etag", face.etag);
  response.set("last-modified", http_date(record.published));
  response.set("accept-ranges", "bytes");
  response.set("repr-digest", face.repr_digest);
  if (http::not_modified(request.header("if-none-match"), request.header("if-modified-since"),
                         face.etag, record.published)) {
    response.status = 304;
    return response;
  }
  const auto size = record.archive.size;
  const bool get = request.method == http::Method::get;
  const auto range =
      http::choose_range(get ? request.header("range") : std::string_view(),
                         request.header("if-range"), face.etag, record.published, size);
  if (!range) return unsatisfiable(face, size);
  const http::ByteRange part = range->value_or(http::ByteRange{0, size});
  if (*range) {
    response.status = 206;
    response.set("content-range", range_text(part, size));
  }
  response.set("content-type", std::string(face.type));
  response.body = http::BlobBody{record.archive.sha256, part.offset, part.length};
  return response;
}

bool begins_download(const http::Request& request, const http::Response& response) {
  const auto* blob = std::get_if<http::BlobBody>(&response.body);
  return request.method == http::Method::get && blob && blob->offset == 0;
}

void cache_archive(http::Response& response, Visibility visibility, const Settings& settings) {
  const bool shared = visibility == Visibility::open && settings.policy.anonymous_read;
  response.set("cache-control", visibility == Visibility::restricted ? "private, no-store"
                                : shared ? "public, max-age=31536000, immutable"
                                         : "private, max-age=31536000, immutable");
  if (shared) response.set("cdn-cache-control", "public, max-age=31536000");
}

}  // namespace kontor
