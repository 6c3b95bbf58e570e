// SQLite's backup in one step holds one read transaction, so writers neither wait nor start it
// over.
#include "adapters/sqlite/snapshot.h"

#include "adapters/sqlite/file_connection.h"

#include <sqlite3.h>

namespace kontor::sqlite {
namespace {

std::unexpected<Error> fail_copy(sqlite3* database) {
  const int error = sqlite3_errcode(database);
  return fail(error == SQLITE_FULL ? Code::storage_full : Code::storage_failed, {},
              std::string("sqlite backup: ") + sqlite3_errmsg(database));
}

// Journal mode DELETE: the copy needs no log of its own, and can be read where nothing may be
// written.
Result<void> settle(FileConnection& copy) {
  return copy.script("PRAGMA synchronous = FULL; PRAGMA journal_mode = DELETE;");
}

}  // namespace

Result<void> copy_database(const std::string& from, const std::string& to) {
  auto source = FileConnection::open(from, {.read_only = true});
  if (!source) return fail(source);
  auto target = FileConnection::open(to, {});
  if (!target) return fail(target);
  sqlite3* const copy = (*target)->raw();
  sqlite3_backup* backup = sqlite3_backup_init(copy, "main", (*source)->raw(), "main");
  if (!backup) return fail_copy(copy);
  sqlite3_backup_step(backup, -1);
  if (sqlite3_backup_finish(backup) != SQLITE_OK) return fail_copy(copy);
  return settle(**target);
}

Result<SnapshotCounts> count_rows(const std::string& path) {
  auto database = FileConnection::open(path, {.read_only = true});
  if (!database) return fail(database);
  const auto packages = (*database)->number("SELECT count(*) FROM packages");
  const auto versions = (*database)->number("SELECT count(*) FROM versions");
  if (!packages) return std::unexpected(packages.error());
  if (!versions) return std::unexpected(versions.error());
  return SnapshotCounts{static_cast<std::uint64_t>(packages->value_or(0)),
                        static_cast<std::uint64_t>(versions->value_or(0))};
}

Result<void> each_blob(const std::string& path,
                       const std::function<Result<void>(const Sha256&, std::uint64_t)>& take) {
  auto database = FileConnection::open(path, {.read_only = true});
  if (!database) return fail(database);
  Result<void> outcome;
  auto read =
      (*database)->each("SELECT sha256, max(size) FROM versions GROUP BY sha256 ORDER BY sha256",
                        [&](const Row& row) {
                          if (outcome) outcome = take(row.digest<Sha256>(0), row.count(1));
                        });
  return read ? outcome : read;
}

}  // namespace kontor::sqlite
