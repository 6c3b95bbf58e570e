#pragma once
// The leaves of the log: one event each, as lines of printable ASCII in one deterministic form.
//
//     pkglog/v1 <kind>
//     <field> <value>          the fields of the kind in the order of the structs below
//     by <account> <credential>
//     time <seconds since 1970>
//
// Values are percent-encoded outside [A-Za-z0-9@._/+-]; "-" stands for one that is absent. Leaves
// cannot be forgotten, so no field may hold personal data: people are opaque accounts, free text is
// a SHA-256.
#include "base/bytes.h"
#include "base/digest.h"
#include "base/error.h"
#include "base/strong.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace kontor::tlog {

inline constexpr std::size_t kMaxLeafBytes = 4096;

// "acct_" and up to 64 of [0-9a-z], or "system" for what the registry does by itself.
using Account = Strong<struct AccountTag, std::string>;
// A constant of the program's: [a-z][a-z0-9_]*, up to 64.
using Word = Strong<struct WordTag, std::string>;

struct PackageRef {
  std::string format;  // [a-z][a-z0-9]*, up to 16
  std::string name;    // canonical
  bool operator==(const PackageRef&) const = default;
};

// session | token:<id> | key:<id> | oidc:<provider>:<subject> | job:<id>, the last one for "system"
// alone.
struct Credential {
  enum class Kind : std::uint8_t { session, token, key, oidc, job };
  Kind kind = Kind::session;
  std::string id;        // of the token, key or job; the subject of oidc; empty for session
  std::string provider;  // of oidc only
  bool operator==(const Credential&) const = default;
};

struct Author {
  Account account;
  Credential credential;
  bool operator==(const Author&) const = default;
};

// The identity of a trusted publisher, spelt as its credential is.
struct Workload {
  std::string provider;
  std::string subject;
  bool operator==(const Workload&) const = default;
};

enum class Change : std::uint8_t { add, remove };

// What a version is made of.
struct Archive {
  std::uint64_t size = 0;  // bytes
  Sha256 sha256;
  Sha512 sha512;
  Sha256 manifest;  // of the manifest's parts that matter for installing, RFC 8785 JSON
  bool operator==(const Archive&) const = default;
};

// --- the kinds of events ----------------------------------------------------------------------

// Once for each version, for ever; also after it was withdrawn.
struct PublishEvent {
  static constexpr std::string_view kKind = "publish";
  PackageRef package;
  std::string version;
  Archive archive;
  bool operator==(const PublishEvent&) const = default;
};
// Other bytes under a number that was published, by an administrator whose registry allows it. What
// installs the version gets these from now on.
struct ReplaceEvent {
  static constexpr std::string_view kKind = "replace";
  PackageRef package;
  std::string version;
  Archive archive;
  Sha256 before;  // of the bytes that were there
  bool operator==(const ReplaceEvent&) const = default;
};
// Uploaded for approval. Approving is followed by a publish.
struct StageEvent {
  static constexpr std::string_view kKind = "stage";
  PackageRef package;
  std::string version;
  std::string stage;  // id
  Archive archive;
  bool operator==(const StageEvent&) const = default;
};
struct ApproveEvent {
  static constexpr std::string_view kKind = "approve";
  PackageRef package;
  std::string version;
  std::string stage;
  bool operator==(const ApproveEvent&) const = default;
};
// Unpublished.
struct WithdrawEvent {
  static constexpr std::string_view kKind = "withdraw";
  PackageRef package;
  std::string version;
  Word reason;
  bool operator==(const WithdrawEvent&) const = default;
};
// Withdrawn no longer.
struct RestoreEvent {
  static constexpr std::string_view kKind = "restore";
  PackageRef package;
  std::string version;
  Word reason;
  bool operator==(const RestoreEvent&) const = default;
};
// Left out of new resolutions, but served.
struct YankEvent {
  static constexpr std::string_view kKind = "yank";
  PackageRef package;
  std::string version;
  Word reason;
  bool operator==(const YankEvent&) const = default;
};
struct UnyankEvent {
  static constexpr std::string_view kKind = "unyank";
  PackageRef package;
  std::string version;
  Word reason;
  bool operator==(const UnyankEvent&) const = default;
};
struct TagEvent {
  static constexpr std::string_view kKind = "tag";
  PackageRef package;
  std::string tag;
  std::optional<std::string> before;  // versions
  std::optional<std::string> after;
  bool operator==(const TagEvent&) const = default;
};
struct DeprecateEvent {
  static constexpr std::string_view kKind = "deprecate";
  PackageRef package;
  std::string version;
  std::optional<Sha256> message;  // absent: deprecated no longer
  bool operator==(const DeprecateEvent&) const = default;
};
struct OwnerEvent {
  static constexpr std::string_view kKind = "owner";
  PackageRef package;
  Change change = Change::add;
  Account account;
  Word role;
  bool operator==(const OwnerEvent&) const = default;
};
// A trusted publisher: workloads with this identity may publish.
struct PublisherEvent {
  static constexpr std::string_view kKind = "publisher";
  PackageRef package;
  Change change = Change::add;
  Workload publisher;
  Sha256 claims;  // of everything it demands, RFC 8785 JSON
  bool operator==(const PublisherEvent&) const = default;
};
struct PolicyEvent {
  static constexpr std::string_view kKind = "policy";
  std::optional<PackageRef> package;  // absent: the whole registry
  Word setting;                       // "two_factor", "cooldown", "visibility", ...
  std::optional<std::string> before;
  std::optional<std::string> after;
  bool operator==(const PolicyEvent&) const = default;
};
struct QuarantineEvent {
  static constexpr std::string_view kKind = "quarantine";
  PackageRef package;
  std::optional<std::string> version;  // absent: all of them
  Word reason;
  std::optional<std::string> advisory;
  bool operator==(const QuarantineEvent&) const = default;
};
struct ReleaseEvent {
  static constexpr std::string_view kKind = "release";
  PackageRef package;
  std::optional<std::string> version;
  Word reason;
  bool operator==(const ReleaseEvent&) const = default;
};
struct AdvisoryEvent {
  static constexpr std::string_view kKind = "advisory";
  std::string id;
  Sha256 sha256;  // of the OSV document
  bool operator==(const AdvisoryEvent&) const = default;
};
// The first time a version of another registry was kept here.
struct UpstreamEvent {
  static constexpr std::string_view kKind = "upstream";
  PackageRef package;
  std::string version;
  std::string host;  // with its port, where it is not the usual one
  Archive archive;
  bool operator==(const UpstreamEvent&) const = default;
};
// A signing key of the registry is in use, or will not be after `expires`.
struct KeyEvent {
  static constexpr std::string_view kKind = "key";
  Word use;                              // what it signs
  std::string id;                        // as clients know it
  Sha256 sha256;                         // of the public key's SubjectPublicKeyInfo in DER
  std::optional<std::uint64_t> expires;  // seconds since 1970
  bool operator==(const KeyEvent&) const = default;
};
struct TokenEvent {
  static constexpr std::string_view kKind = "token";
  Change change = Change::add;
  Account account;
  std::string id;
  Word rights;
  bool operator==(const TokenEvent&) const = default;
};

using Event =
    std::variant<PublishEvent, StageEvent, ApproveEvent, WithdrawEvent, RestoreEvent, YankEvent,
                 UnyankEvent, TagEvent, DeprecateEvent, OwnerEvent, PublisherEvent, PolicyEvent,
                 QuarantineEvent, ReleaseEvent, AdvisoryEvent, UpstreamEvent, KeyEvent, TokenEvent,
                 ReplaceEvent>;

struct Leaf {
  Event event;
  Author by;
  std::uint64_t time = 0;  // seconds since 1970; never falls from one leaf of a log to the next
  bool operator==(const Leaf&) const = default;
};

std::string_view kind_of(const Event& event);

// bad_request where a value has no place in its field, too_large over kMaxLeafBytes.
Result<Bytes> print_leaf(const Leaf& leaf);
// bad_request for everything that print_leaf() does not give.
Result<Leaf> parse_leaf(ByteView text);

}  // namespace kontor::tlog
