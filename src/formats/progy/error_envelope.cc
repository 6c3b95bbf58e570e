// One row for each code of the catalogue that the source has a name for.
#include "formats/progy/error_envelope.h"

#include "base/encoding.h"
#include "base/json.h"
#include "registry/error_body.h"

#include <algorithm>
#include <array>

namespace kontor::progy {
namespace {

struct Named {
  std::uint16_t status;
  std::string_view code;
  std::string_view message;
};

constexpr Named kInvalidName{400, "INVALID_NAME", "Invalid package name. Must be @username/slug"};
constexpr Named kInvalidVersion{400, "INVALID_VERSION", "Invalid semantic version"};
constexpr Named kInvalidFile{400, "INVALID_FILE", "Invalid file upload"};
constexpr Named kInvalidMetadata{400, "INVALID_METADATA", "Invalid metadata JSON"};
constexpr Named kUnauthorized{401, "UNAUTHORIZED", "Unauthorized"};
constexpr Named kForbidden{403, "FORBIDDEN", "Permission denied: You do not own this package"};
constexpr Named kNotFound{404, "PACKAGE_NOT_FOUND", "Package not found"};
constexpr Named kNoArtifact{404, "ARTIFACT_NOT_FOUND", "Artifact not found in registry storage"};
constexpr Named kExists{409, "VERSION_EXISTS", "Version already exists"};
constexpr Named kTooLarge{413, "PAYLOAD_TOO_LARGE", "File too large"};
constexpr Named kStorage{500, "R2_UPLOAD_FAILED", "Storage upload failed"};

const Named* named(Code code) {
  switch (code) {
    case Code::invalid_name:
    case Code::reserved_name:
      return &kInvalidName;
    case Code::invalid_version:
      return &kInvalidVersion;
    case Code::invalid_archive:
    case Code::manifest_mismatch:
    case Code::checksum_mismatch:
    case Code::missing_attachment:
      return &kInvalidFile;
    case Code::invalid_json:
      return &kInvalidMetadata;
    case Code::unauthenticated:
    case Code::invalid_credential:
    case Code::invalid_password:
      return &kUnauthorized;
    case Code::forbidden:
      return &kForbidden;
    case Code::not_found:
      return &kNotFound;
    case Code::version_not_found:
      return &kNoArtifact;
    case Code::version_exists:
    case Code::version_tombstoned:
      return &kExists;
    case Code::too_large:
      return &kTooLarge;
    case Code::storage_full:
    case Code::storage_failed:
      return &kStorage;
    default:
      return nullptr;
  }
}

std::string in_capitals(std::string_view name) {
  std::string out(name);
  std::ranges::transform(out, out.begin(),
                         [](char c) { return c >= 'a' && c <= 'z' ? char(c - 'a' + 'A') : c; });
  return out;
}

}  // namespace

http::Response error_response(const Error& error) {
  auto response = error_body(error);
  const Named* known = named(error.code);
  const std::string sentence(error.message());
  const Json body = {
      {"error", known ? std::string(known->message) : sentence},
      {"code", known ? std::string(known->code) : in_capitals(info(error.code).name)},
      {"detail", sentence}};
  if (known) response.status = known->status;
  response.body = body.dump(-1, ' ', false, Json::error_handler_t::replace);
  if (response.status == 401) response.set("www-authenticate", "Bearer");
  return response;
}

}  // namespace kontor::progy
