// GET /registry/@user/slug/version/<path>: what a marketplace shows of a course before anybody has
// it, read out of the artifact: its README and the files below assets/. Row PRG-08.
#include "archive/zip_directory.h"
#include "base/encoding.h"
#include "formats/progy/handler_support.h"
#include "formats/progy/handlers.h"
#include "formats/progy/names.h"
#include "registry/archive_answer.h"

#include <algorithm>
#include <array>

namespace kontor::progy {
namespace {

constexpr std::uint64_t kMaxAsset = 1u << 20;
constexpr std::uint64_t kMaxDirectory = 16u << 20;  // what a blob store reads at once

struct Kind {
  std::string_view ending;
  std::string_view type;
};
constexpr std::array kKinds = {Kind{".png", "image/png"},
                               Kind{".jpg", "image/jpeg"},
                               Kind{".jpeg", "image/jpeg"},
                               Kind{".gif", "image/gif"},
                               Kind{".webp", "image/webp"},
                               Kind{".avif", "image/avif"},
                               Kind{".svg", "image/svg+xml"},
                               Kind{".md", "text/markdown; charset=utf-8"},
                               Kind{".txt", "text/plain; charset=utf-8"}};

// Empty for what is not shown.
std::string_view type_of(const std::string& path) {
  const auto low = to_lower_ascii(path);
  if (!low.starts_with("assets/") && low != "readme.md" && low != "readme.txt") return {};
  const auto kind =
      std::ranges::find_if(kKinds, [&](const Kind& one) { return low.ends_with(one.ending); });
  return kind == kKinds.end() ? std::string_view() : kind->type;
}

std::unexpected<Error> no_asset() {
  return fail(Code::version_not_found,
              "There is no such file to show; README.md and images below assets/ are shown.");
}

// The file's contents; version_not_found where the artifact has none of this name.
Task<Bytes> read_file(BlobStore& blobs, BlobDigests artifact, std::string path) {
  const auto last = std::min(artifact.size, kZipTail);
  const auto tail = co_await blobs.read(artifact.sha256, artifact.size - last, last);
  const auto directory = co_await find_zip_directory(tail);
  if (directory.size > kMaxDirectory) co_return no_asset();
  const auto listings = co_await blobs.read(artifact.sha256, directory.offset, directory.size);
  const auto listing = co_await find_zip_listing(listings, path);
  if (!listing || listing->unpacked > kMaxAsset || listing->packed > kMaxAsset)
    co_return no_asset();
  const auto header = co_await blobs.read(artifact.sha256, listing->offset, kZipEntry);
  const auto data = co_await zip_entry_data(*listing, header);
  const auto packed = co_await blobs.read(artifact.sha256, data.offset, data.size);
  co_return unpack_zip_entry(*listing, packed, kMaxAsset);
}

// A stranger's file under the registry's own address: shown as what it is, run by no browser.
void confine(http::Response& response, std::string_view type) {
  response.set("content-type", std::string(type));
  response.set("x-content-type-options", "nosniff");
  response.set("content-security-policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox");
}

}  // namespace

Task<http::Response> get_asset(Service& service, const http::Call& call) {
  Registry& registry = service.registry;
  const auto key = co_await course_of(registry, call);
  const auto package = co_await load_course(registry, call, key);
  const auto record = co_await registry.packages.find_archive(
      package.id, artifact_file_name(key.name, call.params["version"]));
  if (!record || !is_served(record->standing) || record->quarantined)
    co_return fail(Code::version_not_found);
  const auto type = type_of(call.params["asset"]);
  if (type.empty()) co_return no_asset();
  http::Response response;
  response.body = co_await read_file(registry.blobs, record->archive, call.params["asset"]);
  confine(response, type);
  cache_archive(response, package.visibility, *registry.settings);
  co_return response;
}

}  // namespace kontor::progy
