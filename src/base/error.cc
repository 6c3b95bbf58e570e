// The catalogue's one table; docs/errors.md is generated from it.
#include "base/error.h"

#include <array>

namespace kontor {
namespace {

using enum Code;
using enum Retry;

constexpr std::array kCatalogue = {
    CodeInfo{bad_request, "bad_request", 400, after_change, "The request is malformed."},
    CodeInfo{invalid_json, "invalid_json", 400, after_change,
             "The body is not valid JSON of the expected shape."},
    CodeInfo{invalid_name, "invalid_name", 400, after_change, "The name breaks the naming rules."},
    CodeInfo{reserved_name, "reserved_name", 403, after_change,
             "This name is reserved by the registry; choose another."},
    CodeInfo{invalid_version, "invalid_version", 400, after_change,
             "The version is not a semantic version."},
    CodeInfo{invalid_tag, "invalid_tag", 400, after_change,
             "The tag name is not allowed; a tag must not look like a version range."},
    CodeInfo{invalid_archive, "invalid_archive", 400, after_change,
             "The archive cannot be read or holds something forbidden."},
    CodeInfo{manifest_mismatch, "manifest_mismatch", 400, after_change,
             "The package.json inside the tarball contradicts the published manifest."},
    CodeInfo{checksum_mismatch, "checksum_mismatch", 400, after_change,
             "The bytes do not match the stated checksum or length; pack and publish again."},
    CodeInfo{missing_attachment, "missing_attachment", 400, after_change,
             "A publish needs exactly one version and one tarball attachment."},
    CodeInfo{invalid_signature, "invalid_signature", 403, after_change,
             "No trusted key has signed this, or a signature does not fit the text."},
    CodeInfo{invalid_proof, "invalid_proof", 422, after_change,
             "The proof does not lead to the stated root of the log."},
    CodeInfo{invalid_range, "invalid_range", 416, after_change,
             "The requested byte range lies outside the file."},
    CodeInfo{unauthenticated, "unauthenticated", 401, after_change,
             "You must be logged in; run `npm login` first."},
    CodeInfo{invalid_credential, "invalid_credential", 401, after_change,
             "The token is unknown, revoked or expired; log in again."},
    CodeInfo{invalid_password, "invalid_password", 401, after_change,
             "User name and password do not match."},
    CodeInfo{otp_required, "otp_required", 401, after_change,
             "This operation requires a one-time password."},
    CodeInfo{otp_invalid, "otp_invalid", 401, after_change,
             "The one-time password is wrong or was used already."},
    CodeInfo{insufficient_scope, "insufficient_scope", 403, after_change,
             "The token does not permit this operation; use one with more rights."},
    CodeInfo{address_not_allowed, "address_not_allowed", 403, after_change,
             "The token may not be used from this address."},
    CodeInfo{forbidden, "forbidden", 403, after_change,
             "You do not have permission to do this; ask an owner or an administrator."},
    CodeInfo{advisory_blocked, "advisory_blocked", 403, after_change,
             "A security advisory affects this version; publish one that it does not affect."},
    CodeInfo{quarantined, "quarantined", 403, later,
             "This version is in quarantine because of a security advisory; use another one."},
    CodeInfo{registration_closed, "registration_closed", 403, after_change,
             "Self-registration is closed; ask an administrator for an account."},
    CodeInfo{not_found, "not_found", 404, after_change, "Not found"},
    CodeInfo{version_not_found, "version_not_found", 404, after_change, "Version not found"},
    CodeInfo{version_exists, "version_exists", 403, after_change,
             "This version exists already; publish under a new version number."},
    CodeInfo{version_tombstoned, "version_tombstoned", 403, after_change,
             "This version was unpublished and can never be published again; use a new number."},
    CodeInfo{version_removed, "version_removed", 410, never,
             "This version was removed by the registry and is no longer served; use another one."},
    CodeInfo{user_exists, "user_exists", 409, after_change, "This user name is taken."},
    CodeInfo{conflict, "conflict", 409, after_change,
             "The object changed in the meantime; read it again and repeat."},
    CodeInfo{unpublish_refused, "unpublish_refused", 403, never,
             "The unpublish window has passed; deprecate instead or ask an administrator."},
    CodeInfo{method_not_allowed, "method_not_allowed", 405, after_change,
             "The method is not supported here."},
    CodeInfo{not_acceptable, "not_acceptable", 406, after_change,
             "No representation fits the Accept header."},
    CodeInfo{too_large, "too_large", 413, after_change, "The request is larger than the limit."},
    CodeInfo{unsupported_media, "unsupported_media", 415, after_change,
             "The content type or encoding is not understood."},
    CodeInfo{uri_too_long, "uri_too_long", 414, after_change, "The URL is too long."},
    CodeInfo{headers_too_large, "headers_too_large", 431, after_change,
             "The request headers are too many or too large."},
    CodeInfo{request_timeout, "request_timeout", 408, later,
             "The request did not arrive in time; try again."},
    CodeInfo{rate_limited, "rate_limited", 429, later,
             "Too many requests; wait as long as Retry-After says."},
    CodeInfo{too_many_connections, "too_many_connections", 503, later,
             "Too many connections from your address; try again shortly."},
    CodeInfo{read_only, "read_only", 503, later, "The registry accepts no writes at the moment."},
    CodeInfo{storage_full, "storage_full", 507, later,
             "The registry's storage is full; tell its administrator."},
    CodeInfo{storage_failed, "storage_failed", 500, later,
             "The registry's storage failed; try again, then tell its administrator."},
    CodeInfo{unavailable, "unavailable", 503, later,
             "The registry is not available right now; try again."},
    CodeInfo{not_implemented, "not_implemented", 501, never, "This is not supported here."},
    CodeInfo{internal, "internal", 500, later,
             "Something went wrong inside the registry; the request id finds it in the log."},
};

constexpr bool in_order() {
  for (std::size_t i = 0; i < kCatalogue.size(); ++i)
    if (static_cast<std::size_t>(kCatalogue[i].code) != i) return false;
  return true;
}
static_assert(in_order(), "the table must follow the enumerators");
static_assert(kCatalogue.size() == static_cast<std::size_t>(internal) + 1);

}  // namespace

std::span<const CodeInfo> catalogue() {
  return kCatalogue;
}

const CodeInfo& info(Code code) {
  return kCatalogue[static_cast<std::size_t>(code)];
}

}  // namespace kontor
