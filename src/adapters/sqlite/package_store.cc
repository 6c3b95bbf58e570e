// Changes, queries by key and the audit trail.
#include "adapters/sqlite/package_store.h"

#include "adapters/sqlite/change_write.h"
#include "adapters/sqlite/downloads.h"
#include "adapters/sqlite/listing.h"
#include "adapters/sqlite/log_rows.h"
#include "adapters/sqlite/search.h"

#include <algorithm>

namespace kontor::sqlite {
namespace {

Owner read_owner(const Row& row) {
  return {UserId(row.integer(0)), row.text(1), row.text(2), static_cast<OwnerRole>(row.integer(3))};
}

BlobDigests read_archive(const Row& row, int column) {
  return {row.digest<Sha1>(column), row.digest<Sha256>(column + 1), row.digest<Sha512>(column + 2),
          row.count(column + 3)};
}

// By the name, so that all that is asked of a package can be asked together with its row.
constexpr const char* kOwners =
    "SELECT u.id, u.name, u.email, o.role FROM packages p JOIN owners o ON o.package = p.id"
    " JOIN users u ON u.id = o.user WHERE p.format = ? AND p.name = ? ORDER BY o.joined";
constexpr const char* kTags =
    "SELECT t.tag, t.version FROM packages p JOIN tags t ON t.package = p.id"
    " WHERE p.format = ? AND p.name = ?";
constexpr const char* kStars =
    "SELECT u.name FROM packages p JOIN stars s ON s.package = p.id JOIN users u ON u.id = s.user"
    " WHERE p.format = ? AND p.name = ? ORDER BY u.name";

Result<std::optional<PackageRecord>> load_package(Connection& db, const PackageKey& key) {
  for (const char* sql : {kOwners, kTags, kStars}) db.expect(sql, key.format, key.name);
  auto found = db.one(
      kPackageRow,
      [&](const Row& row) {
        PackageRecord record;
        record.id = PackageId(row.integer(0));
        record.key = key;
        record.visibility = static_cast<Visibility>(row.integer(1));
        record.revision = row.count(2);
        record.policy_revision = row.count(3);
        record.created = row.time(4);
        record.modified = row.time(5);
        record.unpublished = row.optional_time(6);
        record.rewritten = row.count(7);
        record.flagged = row.boolean(8);
        return record;
      },
      key.format, key.name);
  if (!found || !*found) return found;
  PackageRecord& record = **found;
  auto owners = db.all(kOwners, read_owner, key.format, key.name);
  if (!owners) return fail(owners);
  record.owners = std::move(*owners);
  auto done = db.each(
      kTags, [&](const Row& row) { record.tags.emplace(row.text(0), row.text(1)); }, key.format,
      key.name);
  if (!done) return fail(done);
  auto stars = db.all(kStars, [](const Row& row) { return row.text(0); }, key.format, key.name);
  if (!stars) return fail(stars);
  record.stars = std::move(*stars);
  return found;
}

ArchiveRecord read_archive_record(const Row& row) {
  return {row.text(0), read_archive(row, 2), row.time(1), row.boolean(6),
          static_cast<Standing>(row.integer(7))};
}

constexpr const char* kFile =
    "SELECT v.version, v.published, v.sha1, v.sha256, v.sha512, v.size, v.quarantined, v.standing"
    " FROM packages p JOIN versions v ON v.package = p.id"
    " WHERE p.format = ? AND p.name = ? AND v.file_name = ?";

Result<std::optional<PackageFile>> load_file(Connection& db, const PackageKey& key,
                                             const std::string& file_name) {
  const Snapshot snapshot(db);
  db.expect(kFile, key.format, key.name, file_name);
  auto package = load_package(db, key);
  if (!package) return fail(package);
  if (!*package) return std::optional<PackageFile>();
  auto archive = db.one(kFile, read_archive_record, key.format, key.name, file_name);
  if (!archive) return fail(archive);
  return PackageFile{std::move(**package), std::move(*archive)};
}

Result<std::optional<VersionRecord>> load_version(Connection& db, PackageId package,
                                                  const std::string& version) {
  return db.one(
      "SELECT v.published, v.publisher, m.fragment, a.fragment, r.text, v.deprecated, v.file_name,"
      " v.sha1, v.sha256, v.sha512, v.size, v.logged, v.quarantined, v.standing,"
      " v.lacks_signature FROM versions v JOIN manifests m ON m.id = v.id"
      " JOIN abbreviated a ON a.id = v.id LEFT JOIN readmes r ON r.id = v.id"
      " WHERE v.package = ? AND v.version = ?",
      [&](const Row& row) {
        return VersionRecord{version,
                             row.time(0),
                             UserId(row.integer(1)),
                             row.text(2),
                             row.text(3),
                             row.text(4),
                             row.text(5),
                             row.text(6),
                             read_archive(row, 7),
                             read_logged(row, 11),
                             row.boolean(12),
                             static_cast<Standing>(row.integer(13)),
                             row.boolean(14)};
      },
      package, version);
}

// A merge of two ranges of ids that rise alike.
constexpr const char* kManifests =
    "SELECT v.version, f.fragment, v.published, v.id, v.logged, v.standing FROM versions v"
    " JOIN manifests f ON f.id = v.id"
    " WHERE v.id BETWEEN ? AND ? AND v.quarantined = 0 ORDER BY v.id LIMIT ?";
constexpr const char* kAbbreviated =
    "SELECT v.version, f.fragment, v.published, v.id, v.logged, v.standing FROM versions v"
    " JOIN abbreviated f ON f.id = v.id"
    " WHERE v.id BETWEEN ? AND ? AND v.quarantined = 0 ORDER BY v.id LIMIT ?";
constexpr int kEveryFragment = -1;

const char* fragments_sql(FragmentKind kind) {
  return kind == FragmentKind::manifest ? kManifests : kAbbreviated;
}

VersionFragment read_fragment(const Row& row) {
  return {row.text(0), row.text(1), row.time(2), read_logged(row, 4),
          static_cast<Standing>(row.integer(5))};
}

PackageStore::AuditRow read_audit_row(const Row& row) {
  const auto place = read_logged(row, 10);
  return {
      row.integer(0),
      row.time(1),
      {row.text(2), row.text(3), row.text(4), row.text(5), row.text(6), row.text(7), row.text(8)},
      row.text(9),
      place ? std::optional(place->index) : std::nullopt};
}

Result<FragmentPage> load_fragment_page(Connection& db, PackageId id, FragmentKind kind,
                                        std::uint64_t after, FragmentLimits limits) {
  const VersionIds ids(id);
  FragmentPage page;
  page.next = after;
  std::uint64_t bytes = 0;
  auto done = db.until(
      fragments_sql(kind),
      [&](const Row& row) {
        page.fragments.push_back(read_fragment(row));
        page.next = row.count(3);
        bytes += page.fragments.back().fragment.size();
        page.full = bytes >= limits.bytes || page.fragments.size() >= limits.count;
        return page.full;
      },
      after ? static_cast<std::int64_t>(after) + 1 : ids.first, ids.last, limits.count);
  if (!done) return fail(done);
  return page;
}

}  // namespace

Result<std::vector<Owner>> owners_of(Connection& db, PackageId package) {
  return db.all(
      "SELECT u.id, u.name, u.email, o.role FROM owners o JOIN users u ON u.id = o.user"
      " WHERE o.package = ? ORDER BY o.joined",
      read_owner, package);
}

Task<AppliedChange> PackageStore::apply(PackageChange change) {
  const bool renames = std::ranges::any_of(
      change.ops, [](const auto& op) { return std::holds_alternative<RenamePackage>(op); });
  const auto place = renames ? ChangeStamps::kEverything : ChangeStamps::of(change.key);
  return session_.write<AppliedChange>(
      [change = std::move(change)](Connection& db) -> Result<AppliedChange> {
        const auto head = check_change(db, change);
        if (!head) return std::unexpected(head.error());
        return write_change(db, change, *head);
      },
      place);
}

Task<std::optional<PackageRecord>> PackageStore::find(PackageKey key) {
  return session_.read([key = std::move(key)](Connection& db) {
    const Snapshot snapshot(db);
    return load_package(db, key);
  });
}

Task<std::optional<std::string>> PackageStore::find_collision(FormatId format,
                                                              std::string collision_key) {
  return session_.read([format, collision_key = std::move(collision_key)](Connection& db) {
    return db.one(
        "SELECT name FROM packages WHERE format = ? AND collision_key = ?",
        [](const Row& row) { return row.text(0); }, format, collision_key);
  });
}

Task<std::vector<VersionFragment>> PackageStore::fragments(PackageId id, FragmentKind kind) {
  return session_.read([ids = VersionIds(id), kind](Connection& db) {
    return db.all(fragments_sql(kind), read_fragment, ids.first, ids.last, kEveryFragment);
  });
}

Task<FragmentPage> PackageStore::fragment_page(PackageId id, FragmentKind kind, std::uint64_t after,
                                               FragmentLimits limits) {
  return session_.read([id, kind, after, limits](Connection& db) {
    return load_fragment_page(db, id, kind, after, limits);
  });
}

Task<std::optional<VersionRecord>> PackageStore::find_version(PackageId id, std::string version) {
  return session_.read(
      [id, version = std::move(version)](Connection& db) { return load_version(db, id, version); });
}

Task<std::optional<ArchiveRecord>> PackageStore::find_archive(PackageId id, std::string file_name) {
  return session_.read([id, file_name = std::move(file_name)](Connection& db) {
    return db.one(
        "SELECT version, published, sha1, sha256, sha512, size, quarantined, standing FROM versions"
        " WHERE package = ? AND file_name = ?",
        read_archive_record, id, file_name);
  });
}

Task<std::optional<PackageFile>> PackageStore::find_file(PackageKey key, std::string file_name) {
  return session_.read([key = std::move(key), file_name = std::move(file_name)](Connection& db) {
    return load_file(db, key, file_name);
  });
}

Task<std::vector<VersionState>> PackageStore::versions(PackageId id) {
  return session_.read([ids = VersionIds(id)](Connection& db) {
    return db.all(
        "SELECT version, quarantined FROM versions WHERE id BETWEEN ? AND ? ORDER BY id",
        [](const Row& row) { return VersionState{row.text(0), row.boolean(1)}; }, ids.first,
        ids.last);
  });
}

Task<Bytes> PackageStore::findings(PackageId id) {
  auto text = co_await session_.read([id](Connection& db) {
    return db.one(
        "SELECT text FROM findings WHERE package = ?", [](const Row& row) { return row.text(0); },
        id);
  });
  co_return std::move(text).value_or(Bytes());
}

Task<bool> PackageStore::is_tombstoned(PackageId id, std::string version) {
  return session_.read([id, version = std::move(version)](Connection& db) {
    return db.exists("SELECT 1 FROM tombstones WHERE package = ? AND version = ?", id, version);
  });
}

Task<std::optional<Transfer>> PackageStore::find_transfer(PackageId id) {
  return session_.read([id](Connection& db) {
    return db.one(
        "SELECT id, from_user, to_user, offered, expires FROM transfers WHERE package = ?",
        [](const Row& row) {
          return Transfer{row.text(0), UserId(row.integer(1)), UserId(row.integer(2)), row.time(3),
                          row.time(4)};
        },
        id);
  });
}

Task<std::optional<UserId>> PackageStore::find_scope(FormatId format, std::string scope) {
  return session_.read([format, scope = std::move(scope)](Connection& db) {
    return db.one(
        "SELECT s.owner FROM scopes s JOIN users u ON u.id = s.owner"
        " WHERE s.format = ? AND s.scope = ?",
        [](const Row& row) { return UserId(row.integer(0)); }, format, scope);
  });
}

Task<std::vector<Attestation>> PackageStore::attestations(PackageId id, std::string version) {
  return session_.read([id, version = std::move(version)](Connection& db) {
    return db.all(
        "SELECT a.predicate_type, a.bundle FROM attestations a JOIN versions v ON v.id = a.version"
        " WHERE v.package = ? AND v.version = ? ORDER BY a.place",
        [](const Row& row) { return Attestation{row.text(0), row.text(1)}; }, id, version);
  });
}

Task<std::vector<VersionName>> PackageStore::unsigned_versions(std::uint32_t limit) {
  return session_.read([limit](Connection& db) {
    return db.all(
        "SELECT p.format, p.name, v.version FROM versions v JOIN packages p ON p.id = v.package"
        " WHERE v.lacks_signature = 1 ORDER BY v.id LIMIT ?",
        [](const Row& row) {
          return VersionName{{static_cast<FormatId>(row.integer(0)), row.text(1)}, row.text(2)};
        },
        limit);
  });
}

Task<SearchPage> PackageStore::search(SearchQuery query) {
  return session_.read(
      [query = std::move(query)](Connection& db) { return search_packages(db, query); });
}

Task<std::vector<PackageListing>> PackageStore::list(PackageListQuery query) {
  return session_.read(
      [query = std::move(query)](Connection& db) { return list_packages(db, query); });
}

Task<std::vector<std::string>> PackageStore::starred_by(std::string user, FormatId format,
                                                        Viewer viewer) {
  return session_.read([user = std::move(user), format, viewer](Connection& db) {
    return list_starred(db, user, format, viewer);
  });
}

Task<> PackageStore::add_downloads(std::vector<DownloadCount> counts) {
  return session_.write<void>(
      [counts = std::move(counts)](Connection& db) { return add_download_counts(db, counts); },
      ChangeStamps::kNothing);
}

Task<> PackageStore::add_download_records(std::vector<DownloadRecord> records) {
  return session_.write<void>([records = std::move(records)](
                                  Connection& db) { return write_download_records(db, records); },
                              ChangeStamps::kNothing);
}

Task<std::vector<DownloadCount>> PackageStore::downloads(PackageKey key, Day first, Day last) {
  return session_.read([key = std::move(key), first, last](Connection& db) {
    return daily_downloads(db, key, first, last);
  });
}

Task<std::vector<DownloadCount>> PackageStore::version_downloads(PackageKey key, Day first,
                                                                 Day last) {
  return session_.read([key = std::move(key), first, last](Connection& db) {
    return downloads_by_version(db, key, first, last);
  });
}

Task<std::vector<PackageStore::AuditRow>> PackageStore::audit(std::int64_t before,
                                                              std::uint32_t limit) {
  constexpr std::int64_t kNewest = std::int64_t{1} << 53;
  return session_.read([before = before > 0 ? before : kNewest, limit](Connection& db) {
    return db.all(
        "SELECT sequence, at, actor, token_key, address, action, target, detail, request_id, salt,"
        " logged FROM audit WHERE sequence < ? ORDER BY sequence DESC LIMIT ?",
        read_audit_row, before, limit);
  });
}

Task<std::vector<PackageStore::AuditRow>> PackageStore::audit_after(std::int64_t after,
                                                                    std::uint32_t limit) {
  return session_.read([after, limit](Connection& db) {
    return db.all(
        "SELECT sequence, at, actor, token_key, address, action, target, detail, request_id, salt,"
        " logged FROM audit WHERE sequence > ? ORDER BY sequence LIMIT ?",
        read_audit_row, after, limit);
  });
}

Task<> PackageStore::add_audit(Timestamp at, std::vector<AuditEntry> entries) {
  return session_.write<void>(
      [at, entries = std::move(entries)](Connection& db) {
        LogEnds ends;
        return add_audit_rows(db, ends, at, entries);
      },
      ChangeStamps::kNothing);
}

Task<> PackageStore::probe() {
  return session_.read([](Connection& db) -> Result<void> {
    auto found = db.exists("SELECT 1 FROM schema_migrations LIMIT 1");
    if (!found) return fail(Code::storage_failed, {}, std::move(found.error().cause));
    if (db.is_gone())
      return fail(Code::storage_failed, {}, "the database file was moved or deleted");
    return {};
  });
}

}  // namespace kontor::sqlite
