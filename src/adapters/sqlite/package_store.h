#pragma once
// PackageStore on SQLite. Reads run on the caller's thread and read one state of the store each:
// a few microseconds for queries by key; fragments() costs reading what it returns (about 1 ms a
// megabyte); search() and list() are bounded by their page (search.h, listing.cc).
#include "adapters/sqlite/session.h"
#include "ports/package_store.h"

namespace kontor::sqlite {

class PackageStore final : public kontor::PackageStore {
 public:
  explicit PackageStore(Session& session) : session_(session) {}

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
  std::uint32_t stamp_place(const PackageKey& key) const override { return ChangeStamps::of(key); }
  std::optional<std::uint64_t> stamp(std::uint32_t place) const override {
    return session_.stamp(place);
  }

 private:
  Session& session_;
};

}  // namespace kontor::sqlite
