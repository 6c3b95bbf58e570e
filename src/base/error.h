#pragma once
// The error catalogue. Every failure that can reach a client is one of these codes; docs/errors.md
// is generated from the table in error.cc. Handlers name a code and add a sentence, no more.
#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace kontor {

// Enumerators are spelled as they appear on the wire (header `kontor-error-code`).
enum class Code : std::uint8_t {
  bad_request,          // malformed in a way no other code names
  invalid_json,         // body is not the JSON that was expected
  invalid_name,         // package, scope or user name breaks the naming rules
  reserved_name,        // the name belongs to the registry itself
  invalid_version,      // not a semantic version
  invalid_tag,          // dist-tag breaks the rules
  invalid_archive,      // tarball unreadable or forbidden inside
  manifest_mismatch,    // manifest in the tarball contradicts the envelope
  checksum_mismatch,    // integrity, shasum or length does not fit the bytes
  missing_attachment,   // publish without its tarball, or with several
  invalid_signature,    // no key that is trusted has signed this, or one of them did not
  invalid_proof,        // a proof of a transparency log does not lead to the stated root
  invalid_range,        // Range cannot be satisfied
  unauthenticated,      // no credential where one is needed
  invalid_credential,   // credential unknown, revoked or expired
  invalid_password,     // user name and password do not match
  otp_required,         // one-time password needed
  otp_invalid,          // one-time password wrong or used
  insufficient_scope,   // credential valid, but too weak
  address_not_allowed,  // token is bound to other addresses
  forbidden,            // caller known, not permitted
  advisory_blocked,     // an advisory affects what was to be published
  quarantined,          // kept, but not served, because of an advisory
  registration_closed,  // self-registration is off
  not_found,            // no such thing, or not visible to the caller
  version_not_found,
  version_exists,      // versions are immutable
  version_tombstoned,  // was published once and removed: never again
  version_removed,     // is known and no longer served
  user_exists,
  conflict,           // the object changed since the caller read it
  unpublish_refused,  // past the unpublish window
  method_not_allowed,
  not_acceptable,
  too_large,          // body, header, archive or field over its limit
  unsupported_media,  // content-encoding or content-type that is not understood
  uri_too_long,
  headers_too_large,
  request_timeout,
  rate_limited,
  too_many_connections,
  read_only,  // the registry accepts no writes now
  storage_full,
  storage_failed,  // the store answered an error
  unavailable,     // starting, draining or a dependency is away
  not_implemented,
  internal,
};

// What a client may do about a failure without a human.
enum class Retry : std::uint8_t { never, later, after_change };

struct CodeInfo {
  Code code;
  std::string_view name;  // wire spelling
  std::uint16_t status;   // HTTP status
  Retry retry;
  std::string_view text;  // default sentence, fit for strangers, says what to do
};

// The whole catalogue in order of the enumerators.
std::span<const CodeInfo> catalogue();
const CodeInfo& info(Code code);

// `detail` is fit for strangers and may be empty (then the catalogue's text is shown); `cause` is
// for the log only and never leaves the server. `retry_after_s`: seconds a client should wait
// before it tries again (header Retry-After); 0: not said.
struct Error {
  Code code = Code::internal;
  std::string detail;
  std::string cause;
  std::uint32_t retry_after_s = 0;

  std::string_view message() const { return detail.empty() ? info(code).text : detail; }
  bool operator==(const Error&) const = default;
};

template <class T>
using Result = std::expected<T, Error>;

inline std::unexpected<Error> fail(Code code, std::string detail = {}, std::string cause = {}) {
  return std::unexpected(Error{code, std::move(detail), std::move(cause)});
}

// Passes on the error of another result: `if (!r) return fail(r);`
template <class T>
std::unexpected<Error> fail(Result<T>& r) {
  return std::unexpected(std::move(r.error()));
}
template <class T>
std::unexpected<Error> fail(Result<T>&& r) {
  return std::unexpected(std::move(r.error()));
}

}  // namespace kontor
