// A batch of counters is one command of the writer; a package whose downloads pass a power of four
// moves to its new place in the search index.
#include "adapters/sqlite/downloads.h"

#include "adapters/sqlite/search_index.h"

#include <algorithm>

namespace kontor::sqlite {
namespace {

struct Counted {
  PackageId id;
  bool in_sums;  // of the whole format
};

Result<std::optional<Counted>> counted_package(Connection& db, const PackageKey& key) {
  return db.one(
      "SELECT id, visibility FROM packages WHERE format = ? AND name = ?",
      [](const Row& row) {
        const auto visibility = static_cast<Visibility>(row.integer(1));
        return Counted{PackageId(row.integer(0)), visibility == Visibility::open};
      },
      key.format, key.name);
}

Result<void> add_count(Connection& db, const DownloadCount& count) {
  const auto counted = counted_package(db, count.key);
  if (!counted) return std::unexpected(counted.error());
  if (!*counted) return {};
  const PackageId package = (*counted)->id;
  auto done = db.run(
      "INSERT INTO version_downloads VALUES (?, ?, ?, ?)"
      " ON CONFLICT DO UPDATE SET count = count + excluded.count",
      package, count.day.number, count.version, count.count);
  if (done)
    done = db.run(
        "INSERT INTO package_downloads VALUES (?, ?, ?)"
        " ON CONFLICT DO UPDATE SET count = count + excluded.count",
        package, count.day.number, count.count);
  if (done && (*counted)->in_sums)
    done = db.run(
        "INSERT INTO format_downloads VALUES (?, ?, ?)"
        " ON CONFLICT DO UPDATE SET count = count + excluded.count",
        count.key.format, count.day.number, count.count);
  if (done)
    done =
        db.run("UPDATE packages SET downloads = downloads + ? WHERE id = ?", count.count, package);
  return done ? index_if_moved(db, package) : done;
}

}  // namespace

Result<void> add_download_counts(Connection& db, const std::vector<DownloadCount>& counts) {
  for (const DownloadCount& count : counts)
    if (auto done = add_count(db, count); !done) return done;
  return {};
}

// Ids begin with the time, so that the oldest are found without another index.
Result<void> write_download_records(Connection& db, const std::vector<DownloadRecord>& records) {
  if (records.empty()) return {};
  Timestamp newest;
  for (const DownloadRecord& record : records) {
    newest = std::max(newest, record.at);
    auto done = db.run(
        "INSERT INTO registry_downloads"
        " (id, package_id, version_id, user_id, ip_address, downloaded_at)"
        " SELECT printf('%012x', ?1) || lower(hex(randomblob(10))), CAST(v.package AS TEXT),"
        " CAST(v.id AS TEXT), CAST(?2 AS TEXT), ?3, ?1 / 1000 FROM versions v"
        " JOIN packages p ON p.id = v.package WHERE p.format = ?4 AND p.name = ?5 AND v.version = "
        "?6",
        record.at, record.user, record.address, record.key.format, record.key.name, record.version);
    if (!done) return done;
  }
  return db.run("DELETE FROM registry_downloads WHERE id < printf('%012x', ?)",
                newest - kDownloadRecordLife);
}

Result<std::vector<DownloadCount>> daily_downloads(Connection& db, const PackageKey& key, Day first,
                                                   Day last) {
  const auto read = [&](const Row& row) {
    return DownloadCount{key, {}, Day{static_cast<std::int32_t>(row.integer(0))}, row.count(1)};
  };
  if (key.name.empty())
    return db.all(
        "SELECT day, count FROM format_downloads WHERE format = ?"
        " AND day BETWEEN ? AND ? ORDER BY day",
        read, key.format, first.number, last.number);
  return db.all(
      "SELECT day, count FROM package_downloads WHERE package ="
      " (SELECT id FROM packages WHERE format = ? AND name = ?)"
      " AND day BETWEEN ? AND ? ORDER BY day",
      read, key.format, key.name, first.number, last.number);
}

Result<std::vector<DownloadCount>> downloads_by_version(Connection& db, const PackageKey& key,
                                                        Day first, Day last) {
  return db.all(
      "SELECT version, sum(count) FROM version_downloads WHERE package ="
      " (SELECT id FROM packages WHERE format = ? AND name = ?)"
      " AND day BETWEEN ? AND ? GROUP BY version ORDER BY version",
      [&](const Row& row) { return DownloadCount{key, row.text(0), last, row.count(1)}; },
      key.format, key.name, first.number, last.number);
}

std::uint64_t downloads_between(Connection& db, PackageId package, Day first, Day last) {
  const auto sum = db.number(
      "SELECT total(count) FROM package_downloads WHERE package = ?"
      " AND day BETWEEN ? AND ?",
      package, first.number, last.number);
  return sum && *sum ? static_cast<std::uint64_t>(**sum) : 0;
}

}  // namespace kontor::sqlite
