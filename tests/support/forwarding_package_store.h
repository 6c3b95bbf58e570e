#pragma once
// A PackageStore that passes every call on; tests override the one they want to fail.
#include "ports/package_store.h"

namespace kontor::test {

class ForwardingPackageStore : public PackageStore {
 public:
  explicit ForwardingPackageStore(PackageStore& to) : to_(to) {}

  Task<AppliedChange> apply(PackageChange change) override { return to_.apply(std::move(change)); }
  Task<std::optional<PackageRecord>> find(PackageKey key) override {
    return to_.find(std::move(key));
  }
  Task<std::optional<std::string>> find_collision(FormatId format, std::string key) override {
    return to_.find_collision(format, std::move(key));
  }
  Task<std::vector<VersionFragment>> fragments(PackageId id, FragmentKind kind) override {
    return to_.fragments(id, kind);
  }
  Task<FragmentPage> fragment_page(PackageId id, FragmentKind kind, std::uint64_t after,
                                   FragmentLimits limits) override {
    return to_.fragment_page(id, kind, after, limits);
  }
  Task<std::optional<VersionRecord>> find_version(PackageId id, std::string version) override {
    return to_.find_version(id, std::move(version));
  }
  Task<std::optional<ArchiveRecord>> find_archive(PackageId id, std::string file_name) override {
    return to_.find_archive(id, std::move(file_name));
  }
  Task<std::optional<PackageFile>> find_file(PackageKey key, std::string file_name) override {
    return to_.find_file(std::move(key), std::move(file_name));
  }
  Task<std::vector<VersionState>> versions(PackageId id) override { return to_.versions(id); }
  Task<Bytes> findings(PackageId id) override { return to_.findings(id); }
  Task<bool> is_tombstoned(PackageId id, std::string version) override {
    return to_.is_tombstoned(id, std::move(version));
  }
  Task<std::optional<Transfer>> find_transfer(PackageId id) override {
    return to_.find_transfer(id);
  }
  Task<std::optional<UserId>> find_scope(FormatId format, std::string scope) override {
    return to_.find_scope(format, std::move(scope));
  }
  Task<std::vector<Attestation>> attestations(PackageId id, std::string version) override {
    return to_.attestations(id, std::move(version));
  }
  Task<std::vector<VersionName>> unsigned_versions(std::uint32_t limit) override {
    return to_.unsigned_versions(limit);
  }
  Task<SearchPage> search(SearchQuery query) override { return to_.search(std::move(query)); }
  Task<std::vector<PackageListing>> list(PackageListQuery query) override {
    return to_.list(std::move(query));
  }
  Task<std::vector<std::string>> starred_by(std::string user, FormatId format,
                                            Viewer viewer) override {
    return to_.starred_by(std::move(user), format, viewer);
  }
  Task<> add_downloads(std::vector<DownloadCount> counts) override {
    return to_.add_downloads(std::move(counts));
  }
  Task<> add_download_records(std::vector<DownloadRecord> records) override {
    return to_.add_download_records(std::move(records));
  }
  Task<std::vector<DownloadCount>> downloads(PackageKey key, Day first, Day last) override {
    return to_.downloads(std::move(key), first, last);
  }
  Task<std::vector<DownloadCount>> version_downloads(PackageKey key, Day first, Day last) override {
    return to_.version_downloads(std::move(key), first, last);
  }
  Task<std::vector<AuditRow>> audit(std::int64_t before, std::uint32_t limit) override {
    return to_.audit(before, limit);
  }
  Task<std::vector<AuditRow>> audit_after(std::int64_t after, std::uint32_t limit) override {
    return to_.audit_after(after, limit);
  }
  Task<> add_audit(Timestamp at, std::vector<AuditEntry> entries) override {
    return to_.add_audit(at, std::move(entries));
  }
  Task<> probe() override { return to_.probe(); }

 private:
  PackageStore& to_;
};

}  // namespace kontor::test
