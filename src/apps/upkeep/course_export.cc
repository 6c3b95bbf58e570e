// Both kinds end as one connection to the tables of formats/progy/registry_sql.h.
#include "apps/upkeep/course_export.h"

#include "adapters/filesystem/whole_file.h"
#include "adapters/sqlite/file_connection.h"

#include <sqlite3.h>
#include <unistd.h>

namespace kontor::upkeep {
namespace {

using sqlite::FileConnection;
using sqlite::Row;

constexpr std::uint64_t kMaxExport = 1ull << 30;
constexpr std::string_view kDatabase = "SQLite format 3";  // how such a file begins

std::unexpected<Error> unusable(const std::string& path, const Error& error) {
  return fail(Code::bad_request,
              path + " is no export of a Progy registry: " + std::string(error.message()),
              error.cause);
}

bool is_database(const fs::Fd& file) {
  std::string head(kDatabase.size(), '\0');
  return ::pread(file.get(), head.data(), head.size(), 0) == static_cast<ssize_t>(head.size()) &&
         head == kDatabase;
}

Result<std::unique_ptr<FileConnection>> open_export(const std::string& path) {
  const auto file = fs::open_for_reading(path);
  if (!file) return fail(Code::not_found, path + " cannot be read.", file.error().cause);
  if (is_database(*file)) return FileConnection::open(path, {.read_only = true});
  const auto text = fs::read_all(*file, kMaxExport);
  if (!text) return unusable(path, text.error());
  auto database = FileConnection::open(":memory:", {});
  if (!database) return database;
  sqlite3_limit((*database)->raw(), SQLITE_LIMIT_ATTACHED, 0);
  if (auto done = (*database)->script(*text); !done) return unusable(path, done.error());
  return database;
}

// Seconds, as Drizzle stores them; some tools wrote milliseconds.
Timestamp time_of(std::int64_t stored) {
  constexpr std::int64_t kYear5000 = 95'617'584'000;
  return {stored < kYear5000 ? stored * 1000 : stored};
}

Result<std::vector<ExportedVersion>> read_versions(FileConnection& db) {
  return db.all(
      "SELECT p.name, v.version, v.storage_key, v.checksum, coalesce(p.description, ''),"
      " coalesce(v.changelog, ''), coalesce(p.is_public, 1), v.created_at"
      " FROM registry_versions v JOIN registry_packages p ON p.id = v.package_id"
      " ORDER BY v.created_at, v.id",
      [](const Row& row) {
        return ExportedVersion{row.text(0), row.text(1), row.text(2),    row.text(3),
                               row.text(4), row.text(5), row.boolean(6), time_of(row.integer(7))};
      });
}

Result<std::vector<ExportedDownload>> read_downloads(FileConnection& db) {
  const auto there = db.exists(
      "SELECT 1 FROM sqlite_master WHERE type IN ('table', 'view') AND name = 'registry_downloads'");
  if (!there) return std::unexpected(there.error());
  if (!*there) return std::vector<ExportedDownload>();
  return db.all(
      "SELECT p.name, v.version, coalesce(d.ip_address, ''), d.downloaded_at"
      " FROM registry_downloads d JOIN registry_versions v ON v.id = d.version_id"
      " JOIN registry_packages p ON p.id = v.package_id ORDER BY d.downloaded_at",
      [](const Row& row) {
        return ExportedDownload{row.text(0), row.text(1), row.text(2), time_of(row.integer(3))};
      });
}

}  // namespace

Result<CourseExport> read_course_export(const std::string& path) {
  auto database = open_export(path);
  if (!database) return fail(database);
  CourseExport out;
  auto versions = read_versions(**database);
  if (!versions) return unusable(path, versions.error());
  out.versions = std::move(*versions);
  auto downloads = read_downloads(**database);
  if (!downloads) return unusable(path, downloads.error());
  out.downloads = std::move(*downloads);
  return out;
}

}  // namespace kontor::upkeep
