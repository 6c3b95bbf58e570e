#pragma once
// PackageStore in memory: for tests and the edge's smoke test. Every task finishes inline; a query
// costs up to a pass over all packages.
#include "adapters/memory/database.h"

namespace kontor::memory {

class PackageStore final : public kontor::PackageStore {
 public:
  explicit PackageStore(Database& database) : database_(database) {}

  Task<AppliedChange> apply(PackageChange change) override;
  Task<std::optional<PackageRecord>> find(PackageKey key) override;
  Task<std::optional<std::string>> find_collision(FormatId format,
                                                  std::string collision_key) override;
  Task<std::vector<VersionFragment>> fragments(PackageId id, FragmentKind kind) override;
  Task<FragmentPage> fragment_page(PackageId id, FragmentKind kind, std::uint64_t after,
                                   FragmentLimits limits) override;
  Task<std::optional<VersionRecord>> find_version(PackageId id, std::string version) override;
  Task<std::optional<ArchiveRecord>> find_archive(PackageId id, std::string file_name) override;
  Task<std::optional<PackageFile>> find_file(PackageKey key, std::string file_name) override;
  Task<std::vector<VersionState>> versions(PackageId id) override;
  Task<Bytes> findings(PackageId id) override;
  Task<bool> is_tombstoned(PackageId id, std::string version) override;
  Task<std::optional<Transfer>> find_transfer(PackageId id) override;
  Task<std::optional<UserId>> find_scope(FormatId format, std::string scope) override;
  Task<std::vector<Attestation>> attestations(PackageId id, std::string version) override;
  Task<std::vector<VersionName>> unsigned_versions(std::uint32_t limit) override;
  Task<SearchPage> search(SearchQuery query) override;
  Task<std::vector<PackageListing>> list(PackageListQuery query) override;
  Task<std::vector<std::string>> starred_by(std::string user, FormatId format,
                                            Viewer viewer) override;
  Task<> add_downloads(std::vector<DownloadCount> counts) override;
  Task<> add_download_records(std::vector<DownloadRecord> records) override;
  Task<std::vector<DownloadCount>> downloads(PackageKey key, Day first, Day last) override;
  Task<std::vector<DownloadCount>> version_downloads(PackageKey key, Day first, Day last) override;
  Task<std::vector<AuditRow>> audit(std::int64_t before, std::uint32_t limit) override;
  Task<std::vector<AuditRow>> audit_after(std::int64_t after, std::uint32_t limit) override;
  Task<> add_audit(Timestamp at, std::vector<AuditEntry> entries) override;
  Task<> probe() override;
  std::optional<std::uint64_t> stamp(std::uint32_t) const override { return database_.changes; }

 private:
  const PackageRow* find_row(const PackageKey& key) const;
  const PackageRow* find_row(PackageId id) const;

  Database& database_;
};

// --- parts, each in its own file ---------------------------------------------------------------

Result<AppliedChange> apply_change(Database& database, const PackageChange& change);
SearchPage search_packages(const Database& database, const SearchQuery& query);
std::vector<PackageListing> list_packages(const Database& database, const PackageListQuery& query);

bool visible_to(const PackageRow& row, const Viewer& viewer);
std::vector<Owner> owners_of(const Database& database, const PackageRow& row);

}  // namespace kontor::memory
