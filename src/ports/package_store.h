#pragma once
// Packages and versions. Every write is one atomic command with its preconditions: D1 knows only
// batches, so no port may need an open transaction.
#include "base/bytes.h"
#include "base/task.h"
#include "ports/package_change.h"

#include <optional>
#include <string>
#include <vector>

namespace kontor {

// --- search and lists -----------------------------------------------------------------------

// Whose eyes a list or search is seen with.
struct Viewer {
  std::optional<UserId> user;
  bool sees_all = false;  // administrators
};

struct SearchQuery {
  FormatId format = FormatId::npm;
  Viewer viewer;
  std::vector<std::string> words;  // all must match, each also as a prefix
  std::string author;              // empty: any
  std::string maintainer;
  std::string scope;
  std::vector<std::string> keywords_any;   // a,b
  std::vector<std::string> keywords_all;   // a+b
  std::vector<std::string> keywords_none;  // a,-b
  std::optional<bool> deprecated;          // is:deprecated / not:deprecated
  std::optional<bool> unstable;            // is:unstable / not:unstable
  std::uint32_t from = 0;                  // at most 10,000
  std::uint32_t size = 20;                 // at most 250
  Day today;                               // downloads_week and _month end with this day
};

struct SearchHit {
  std::string name;
  std::string document;  // SearchEntry::document
  Timestamp published;   // of the version in it
  std::vector<Owner> maintainers;
  double score = 0;  // 0 to 1, falling
  std::uint64_t downloads_week = 0;
  std::uint64_t downloads_month = 0;
};

struct SearchPage {
  std::vector<SearchHit> hits;
  std::uint64_t total = 0;  // exact up to 1,000, a lower bound beyond
};

struct PackageListQuery {
  FormatId format = FormatId::npm;
  Viewer viewer;
  std::string scope;               // without '@'; empty: all
  std::string after;               // names greater than this; empty: from the start
  std::optional<UserId> owned_by;  // only packages this user has a role on
  std::optional<Timestamp> modified_since;
  std::uint32_t limit = 1000;  // at most 1000
};

struct PackageListing {
  std::string name;
  OwnerRole role = OwnerRole::reader;  // of owned_by
  Timestamp modified;
  std::string document;  // SearchEntry::document; empty where all versions are gone
};

// A package and one of its archives, if it has that.
struct PackageFile {
  PackageRecord package;
  std::optional<ArchiveRecord> archive;
};

// How long single downloads are remembered: they tell of people.
inline constexpr Duration kDownloadRecordLife = days(90);

// Thread: one instance belongs to one loop; all instances of one store see each other's commits
// as soon as apply() has yielded.
class PackageStore {
 public:
  virtual ~PackageStore() = default;

  // Applies all of the change or nothing. On success rows, tags, search entry, audit rows and
  // leaves of the logs are durable and visible to every later query. After an error nothing has
  // changed.
  virtual Task<AppliedChange> apply(PackageChange change) = 0;

  virtual Task<std::optional<PackageRecord>> find(PackageKey key) = 0;
  // Name of an existing package of this format whose collision key equals `collision_key`.
  virtual Task<std::optional<std::string>> find_collision(FormatId format,
                                                          std::string collision_key) = 0;

  // All versions in order of publishing, without those in quarantine.
  virtual Task<std::vector<VersionFragment>> fragments(PackageId id, FragmentKind kind) = 0;
  // A part of them: from the beginning where `after` is 0, else behind the page whose `next` it is.
  // Pages join without a gap as long as `rewritten` of the package stays the same.
  virtual Task<FragmentPage> fragment_page(PackageId id, FragmentKind kind, std::uint64_t after,
                                           FragmentLimits limits) = 0;
  virtual Task<std::optional<VersionRecord>> find_version(PackageId id, std::string version) = 0;
  virtual Task<std::optional<ArchiveRecord>> find_archive(PackageId id, std::string file_name) = 0;
  // Both of one state; nothing where there is no such package.
  virtual Task<std::optional<PackageFile>> find_file(PackageKey key, std::string file_name) = 0;
  virtual Task<std::vector<VersionState>> versions(PackageId id) = 0;
  // What SetFindings put.
  virtual Task<Bytes> findings(PackageId id) = 0;
  virtual Task<bool> is_tombstoned(PackageId id, std::string version) = 0;
  // Expired ones are found too; the caller judges.
  virtual Task<std::optional<Transfer>> find_transfer(PackageId id) = 0;
  // Who has claimed the scope by its first package; nothing where it is free, or where that user is
  // gone.
  virtual Task<std::optional<UserId>> find_scope(FormatId format, std::string scope) = 0;
  // In the order they were put with the version; none where there is no such version.
  virtual Task<std::vector<Attestation>> attestations(PackageId id, std::string version) = 0;
  // The first of those that lack their signature, versions of one package one behind the other. At
  // no cost where none does.
  virtual Task<std::vector<VersionName>> unsigned_versions(std::uint32_t limit) = 0;

  virtual Task<SearchPage> search(SearchQuery query) = 0;
  virtual Task<std::vector<PackageListing>> list(PackageListQuery query) = 0;
  virtual Task<std::vector<std::string>> starred_by(std::string user, FormatId format,
                                                    Viewer viewer) = 0;

  // Adds to the counters; one atomic batch. Counts of unknown packages are dropped.
  virtual Task<> add_downloads(std::vector<DownloadCount> counts) = 0;
  // Keeps each; one atomic batch. Those of unknown versions are dropped, and those that are older
  // than kDownloadRecordLife before the newest of the batch are forgotten.
  virtual Task<> add_download_records(std::vector<DownloadRecord> records) = 0;
  // Counts per day of one package (all versions together), or of the whole format where the name
  // is empty; in order of days, those without downloads are left out. In the whole format a
  // download counts only if the package was public when it was counted: sums must not tell of
  // hidden ones.
  virtual Task<std::vector<DownloadCount>> downloads(PackageKey key, Day first, Day last) = 0;
  // Counts per version of one package in that span, by version text; `day` is `last`.
  virtual Task<std::vector<DownloadCount>> version_downloads(PackageKey key, Day first,
                                                             Day last) = 0;

  // Newest first, those with a sequence below `before` (0: all).
  struct AuditRow {
    std::int64_t sequence = 0;
    Timestamp at;
    AuditEntry entry;
    Bytes salt;                           // empty: from before there was a log
    std::optional<std::uint64_t> logged;  // index in the audit log of the leaf with its digest
  };
  virtual Task<std::vector<AuditRow>> audit(std::int64_t before, std::uint32_t limit) = 0;
  // Oldest first, those with a sequence above `after` (0: from the first).
  virtual Task<std::vector<AuditRow>> audit_after(std::int64_t after, std::uint32_t limit) = 0;
  virtual Task<> add_audit(Timestamp at, std::vector<AuditEntry> entries) = 0;

  // Cheap probe for readiness: storage_failed where the store cannot answer.
  virtual Task<> probe() = 0;

  // What find(), find_version(), find_archive() and fragments() tell about a package, names and
  // emails of its owners included, is still so while its stamp is the one taken before the query.
  // Costs nothing to ask. Nothing: a change is being committed, or this store keeps no stamps.
  virtual std::optional<std::uint64_t> stamp(std::uint32_t /*place*/) const { return std::nullopt; }
  // Where the stamp of a package is found. Packages may share places.
  virtual std::uint32_t stamp_place(const PackageKey& /*key*/) const { return 0; }
};

}  // namespace kontor
