#pragma once
// A change of one package as a value: its preconditions and its parts. The store applies all of it
// or nothing.
#include "base/bytes.h"
#include "ports/audit_entry.h"
#include "ports/package_records.h"

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace kontor {

// Fails with version_exists (its archive may equal the new one: the caller looks) where the number
// or the file name is taken, or with version_tombstoned.
// kPlaceMark (ports/log_leaf.h) in its fragments becomes the place of its leaf, or null.
struct PutVersion {
  VersionRecord record;
  std::vector<Attestation> attestations = {};  // gone with the version
};
// Other bytes under an existing number: the record takes the place of the one that is there, whose
// archive stays named, so that no collection drops it. version_not_found where absent.
struct ReplaceVersion {
  VersionRecord record;
};
// Leaves a tombstone, so that the number is never used again; tags that name it vanish.
// version_not_found where absent.
struct RemoveVersion {
  std::string version;
};
// Replaces the fragments and the deprecation text of an existing version. Where the change tells of
// its publishing, that leaf is the version's from now on.
struct UpdateVersion {
  std::string version;
  std::string manifest;
  std::string abbreviated;
  std::string deprecated;
  bool is_signed = false;  // set: the version does not lack its signature any more
};
struct SetStanding {  // version_not_found where absent
  std::string version;
  Standing standing;
};
// Replaces what is offered, or takes it back; whether one is pending is for the caller to look at.
// conflict where a user does not exist.
struct SetTransfer {
  std::optional<Transfer> transfer;
};
struct SetTag {  // version_not_found where the version is absent after the change's removals
  std::string tag;
  std::string version;
};
struct RemoveTag {  // succeeds where absent
  std::string tag;
};
// Replaces all; who was one already keeps the place in the order. bad_request where empty, conflict
// where a user does not exist.
struct SetOwners {
  std::vector<std::pair<UserId, OwnerRole>> owners;
};
struct SetVisibility {
  Visibility visibility;
};
struct SetStar {  // succeeds where nothing changes; conflict where the user does not exist
  UserId user;
  bool starred;
};
// All versions become tombstones, tags and search entry vanish; owners stay, and so does the name.
struct RemoveAllVersions {};
// version_not_found where its version is absent after the change. It stays until it is replaced or
// the last version goes.
struct PutSearchEntry {
  SearchEntry entry;
};

// Replaces what advisories are known to affect versions of the package, and which versions are
// quarantined: those of `quarantined` become it, all others are released. Where no version is left
// outside, the search entry vanishes. version_not_found where one is absent after the change.
struct SetFindings {
  Bytes findings;  // in the form of print_findings(); empty: none
  std::vector<std::string> quarantined;
};

// The package gets this name; id, versions, roles and counters stay, and the old name is free.
// conflict where the new one is taken.
struct RenamePackage {
  std::string name;
};

using PackageOp = std::variant<PutVersion, RemoveVersion, UpdateVersion, SetStanding, SetTransfer,
                               SetTag, RemoveTag, SetOwners, SetVisibility, SetStar,
                               RemoveAllVersions, PutSearchEntry, SetFindings, ReplaceVersion,
                               RenamePackage>;

// First publish of a name.
struct CreatePackage {
  Visibility visibility = Visibility::open;
  UserId owner;
  std::string collision_key;  // conflict where another name has it; empty: not checked
  // Becomes the owner's with the package; conflict where it is somebody else's. Empty: not claimed.
  std::string claimed_scope;
};

// The advisories about the package must be those that were looked at (AdvisoriesAbout::mark).
struct IfAdvisories {
  std::string ecosystem;  // the name is the package's
  std::uint64_t mark = 0;
};

struct PackageChange {
  PackageKey key;
  Timestamp at;
  // Set: the package must not exist (else conflict) and is created. Not set: it must (not_found).
  std::optional<CreatePackage> create;
  std::optional<std::uint64_t> if_revision;         // else conflict
  std::optional<std::uint64_t> if_policy_revision;  // else conflict
  std::string if_tagged;                            // a tag that must be there, else conflict
  std::optional<IfAdvisories> if_advisories;        // else conflict
  std::vector<PackageOp> ops;                       // applied in order
  std::vector<AuditEntry> audit;                    // each also a leaf of the audit log
  std::vector<LogEvent> log;  // leaves, in this order; conflict where the author is gone
};

struct AppliedChange {
  PackageId id;
  std::uint64_t revision = 0;
  std::vector<LogPlace> logged;  // of PackageChange::log, in that order
};

}  // namespace kontor
