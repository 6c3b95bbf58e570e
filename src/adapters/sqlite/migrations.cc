// The table schema_migrations says what a store has seen, with a checksum of each text.
#include "adapters/sqlite/migrations.h"

#include "base/sha256.h"

namespace kontor::sqlite {
namespace {

struct Applied {
  std::int64_t number;
  std::string name;
  std::string checksum;
};

Result<std::vector<Applied>> applied_migrations(Connection& db) {
  return db.all("SELECT number, name, checksum FROM schema_migrations ORDER BY number",
                [](const Row& row) { return Applied{row.integer(0), row.text(1), row.text(2)}; });
}

Result<void> check_applied(const std::vector<Applied>& applied,
                           const std::vector<Migration>& known) {
  for (std::size_t i = 0; i < applied.size(); ++i) {
    if (i >= known.size())
      return fail(Code::unavailable,
                  "This store was written by a newer version of Kontor "
                  "(migration " +
                      applied[i].name + "); start it with that version or a later one.");
    if (applied[i].number != known[i].number || applied[i].checksum != sha256(known[i].text).hex())
      return fail(Code::unavailable,
                  "The schema of this store is not the one of this version of "
                  "Kontor (migration " +
                      applied[i].name +
                      " differs); restore a backup or use the "
                      "version that wrote it.");
  }
  return {};
}

Result<void> apply_missing(FileConnection& db, const std::vector<Migration>& known, Timestamp now) {
  auto made = db.script(
      "CREATE TABLE IF NOT EXISTS schema_migrations (number INTEGER PRIMARY KEY,"
      " name TEXT NOT NULL, checksum TEXT NOT NULL, applied INTEGER NOT NULL)");
  if (!made) return made;
  const auto applied = applied_migrations(db);
  if (!applied) return std::unexpected(applied.error());
  if (auto fits = check_applied(*applied, known); !fits) return fits;
  for (std::size_t i = applied->size(); i < known.size(); ++i) {
    if (auto done = db.script(known[i].text); !done) return done;
    auto noted = db.run("INSERT INTO schema_migrations VALUES (?, ?, ?, ?)", known[i].number,
                        known[i].name, sha256(known[i].text).hex(), now);
    if (!noted) return noted;
  }
  return {};
}

}  // namespace

Result<void> migrate(FileConnection& db, const std::vector<Migration>& migrations, Timestamp now) {
  if (auto begun = db.script("BEGIN IMMEDIATE"); !begun) return begun;
  auto done = apply_missing(db, migrations, now);
  if (done) done = db.script("COMMIT");
  if (!done && db.in_transaction()) (void)db.script("ROLLBACK");
  return done;
}

Result<void> check_migrated(FileConnection& db, const std::vector<Migration>& migrations) {
  const auto applied = applied_migrations(db);
  if (!applied) return std::unexpected(applied.error());
  if (auto fits = check_applied(*applied, migrations); !fits) return fits;
  if (applied->size() == migrations.size()) return {};
  return fail(
      Code::unavailable,
      "This store was written by an older version of Kontor; start the server once, so that "
      "it is brought up to date.");
}

}  // namespace kontor::sqlite
