#pragma once
// The rows of packages as values, shared by the package store's commands and queries.
#include "base/digest.h"
#include "base/time.h"
#include "domain/ids.h"
#include "domain/policy.h"
#include "ports/blob_store.h"
#include "ports/log_records.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace kontor {

// A package without its versions. `revision` rises with every change of the package;
// `policy_revision` only when owners or visibility change, so that concurrent publishes do not
// invalidate each other's permission check. `rewritten` is the revision that last changed or
// removed versions which had been there: while it stays, versions are only added behind the others.
struct PackageRecord {
  PackageId id;
  PackageKey key;
  Visibility visibility = Visibility::open;
  std::uint64_t revision = 0;
  std::uint64_t policy_revision = 0;
  Timestamp created;
  Timestamp modified;                    // never goes back, also where the clock does
  std::optional<Timestamp> unpublished;  // set while all versions are gone
  std::vector<Owner> owners;             // in order of joining
  std::map<std::string, std::string> tags;
  std::vector<std::string> stars;  // names of users, sorted
  std::uint64_t rewritten = 0;
  bool flagged = false;  // there are findings of advisories
};

// How a version stands. The numbers are stored.
enum class Standing : std::uint8_t {
  listed = 0,
  yanked = 1,   // served, but left out of new resolutions
  removed = 2,  // refused with `removed`; the record and the bytes stay
  erased = 3,   // as removed, and nothing names the bytes any more: a collection drops them
};

// Whether the bytes of such a version may be handed out.
constexpr bool is_served(Standing standing) {
  return standing == Standing::listed || standing == Standing::yanked;
}

// One published version. `manifest` and `abbreviated` are the format's ready fragments: JSON text
// in which the byte 0x01 stands for the registry's base URL.
struct VersionRecord {
  std::string version;
  Timestamp published;
  UserId publisher;
  std::string manifest;
  std::string abbreviated;
  std::string readme;      // of this version; may be empty
  std::string deprecated;  // empty: not deprecated
  std::string file_name;   // of the archive, as in its URL
  BlobDigests archive;
  // Of the leaf that tells of its publishing; the store finds it in the change. Nothing for what
  // was published before there was a log.
  std::optional<LogPlace> logged;
  bool quarantined = false;  // not to be served
  Standing standing = Standing::listed;
  bool lacks_signature = false;  // its format signs versions, and this one is not signed yet
};

// A statement about a version, as its publisher sent it.
struct Attestation {
  std::string predicate_type;
  Bytes bundle;  // JSON text; was verified before it is stored
  bool operator==(const Attestation&) const = default;
};

struct VersionName {
  PackageKey key;
  std::string version;
  bool operator==(const VersionName&) const = default;
};

struct DownloadCount {
  PackageKey key;
  std::string version;
  Day day;
  std::uint64_t count = 0;
};

// One download, for those formats that keep whose it was.
struct DownloadRecord {
  PackageKey key;
  std::string version;
  std::optional<UserId> user;  // nothing: anonymous
  std::string address;
  Timestamp at;
};

// What a reader of one tarball needs.
struct ArchiveRecord {
  std::string version;
  BlobDigests archive;
  Timestamp published;
  bool quarantined = false;  // not to be served
  Standing standing = Standing::listed;
};
// A version by name alone.
struct VersionState {
  std::string version;
  bool quarantined = false;
  bool operator==(const VersionState&) const = default;
};

// A package offered to another user, until that one or time decides. One at a time.
struct Transfer {
  std::string id;
  UserId from;  // leaves the owners when it is accepted
  UserId to;    // joins them
  Timestamp offered;
  Timestamp expires;
  bool operator==(const Transfer&) const = default;
};

// One version in a document: either fragment, by the caller's choice.
struct VersionFragment {
  std::string version;
  std::string fragment;
  Timestamp published;
  std::optional<LogPlace> logged;
  Standing standing = Standing::listed;
};

enum class FragmentKind { manifest, abbreviated };

// How much to read of a package's fragments: it ends with the one that reaches either.
struct FragmentLimits {
  std::uint32_t count = 256;
  std::uint64_t bytes = 128 * 1024;
};

struct FragmentPage {
  std::vector<VersionFragment> fragments;  // in order of publishing
  std::uint64_t next = 0;                  // where to go on; means nothing else
  bool full = false;  // ended by a limit: it stays as it is when versions are added
};

// The searchable face of a package. `document` is the format's ready answer object.
struct SearchEntry {
  std::string version;
  std::string description;
  std::vector<std::string> keywords;
  std::string author;
  std::string document;
  bool deprecated = false;
  bool unstable = false;  // version below 1.0.0 or a prerelease
};

}  // namespace kontor
