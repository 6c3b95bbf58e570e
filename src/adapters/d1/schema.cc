// A migration goes into the database statement by statement, all missing ones in one batch.
#include "adapters/d1/schema.h"

#include "adapters/sqlite/built_in_migrations.h"
#include "base/sha256.h"

namespace kontor::d1 {
namespace {

using sqlite::Connection;
using sqlite::Migration;

// The statements of a migration, whose text has no semicolon in a quote or a comment's middle.
std::vector<std::string> statements_of(std::string_view text) {
  std::vector<std::string> statements;
  std::string statement;
  while (!text.empty()) {
    auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    line = line.substr(0, line.find("--"));
    while (line.ends_with(' ')) line.remove_suffix(1);
    if (line.empty()) continue;
    statement.append(line).append(1, '\n');
    if (!line.ends_with(';')) continue;
    statements.push_back(std::move(statement));
    statement.clear();
  }
  return statements;
}

struct Applied {
  std::int64_t number;
  std::string checksum;
};

Result<std::vector<Applied>> applied_migrations(Connection& db) {
  const auto begun = db.exists("SELECT 1 FROM sqlite_master WHERE name = 'schema_migrations'");
  if (!begun) return std::unexpected(begun.error());
  if (!*begun) return std::vector<Applied>();
  return db.all("SELECT number, checksum FROM schema_migrations ORDER BY number",
                [](const sqlite::Row& row) { return Applied{row.integer(0), row.text(1)}; });
}

Result<void> check_applied(const std::vector<Applied>& applied,
                           const std::vector<Migration>& known) {
  for (std::size_t i = 0; i < applied.size(); ++i)
    if (i >= known.size() || applied[i].number != known[i].number ||
        applied[i].checksum != sha256(known[i].text).hex())
      return fail(
          Code::unavailable,
          "This database was written by another version of Kontor; deploy that version or a "
          "later one.");
  return {};
}

Result<void> apply(Connection& db, const Migration& migration, Timestamp now) {
  for (const auto& statement : statements_of(migration.text))
    if (auto done = db.run(statement.c_str()); !done) return done;
  return db.run("INSERT INTO schema_migrations VALUES (?, ?, ?, ?)", migration.number,
                migration.name, sha256(migration.text).hex(), now);
}

Result<void> apply_missing(Connection& db, Timestamp now) {
  const auto known = sqlite::built_in_migrations();
  const auto applied = applied_migrations(db);
  if (!applied) return std::unexpected(applied.error());
  if (auto fits = check_applied(*applied, known); !fits) return fits;
  if (applied->empty()) {
    auto made = db.run(
        "CREATE TABLE schema_migrations (number INTEGER PRIMARY KEY, name TEXT NOT NULL,"
        " checksum TEXT NOT NULL, applied INTEGER NOT NULL)");
    if (!made) return made;
  }
  for (std::size_t i = applied->size(); i < known.size(); ++i)
    if (auto done = apply(db, known[i], now); !done) return done;
  return {};
}

}  // namespace

Task<> bring_up_schema(sqlite::Session& session, Timestamp now) {
  // The table may be there and the question about it not yet fetched: ask in two steps.
  const auto applied = co_await session.read(applied_migrations);
  const auto known = sqlite::built_in_migrations();
  co_await check_applied(applied, known);
  if (applied.size() == known.size()) co_return {};
  co_return co_await whole(
      session.write<void>([now](Connection& db) { return apply_missing(db, now); }));
}

}  // namespace kontor::d1
