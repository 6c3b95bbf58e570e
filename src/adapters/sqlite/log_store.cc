// Ranges of ids are ranges of indexes.
#include "adapters/sqlite/log_store.h"

#include "adapters/sqlite/log_rows.h"

namespace kontor::sqlite {
namespace {

constexpr std::uint32_t kMostEntries = 65'536;

Result<std::optional<LogPlace>> load_publish(Connection& db, const PackageKey& key,
                                             const std::string& version) {
  const Snapshot snapshot(db);
  const auto package =
      db.number("SELECT id FROM packages WHERE format = ? AND name = ?", key.format, key.name);
  if (!package) return std::unexpected(package.error());
  if (!*package) return std::nullopt;
  const auto read = [](const Row& row) { return read_logged(row, 0); };
  for (const char* sql : {"SELECT logged FROM versions WHERE package = ? AND version = ?",
                          "SELECT logged FROM tombstones WHERE package = ? AND version = ?"}) {
    const auto found = db.one(sql, read, **package, version);
    if (!found) return std::unexpected(found.error());
    if (*found) return **found;
  }
  return std::nullopt;
}

}  // namespace

Task<std::uint64_t> LogStore::size(LogId log) {
  const auto newest = co_await session_.read([ids = LeafIds(log)](Connection& db) {
    return db.number("SELECT id FROM log_leaves WHERE id BETWEEN ? AND ? ORDER BY id DESC LIMIT 1",
                     ids.first, ids.last);
  });
  co_return newest ? LeafIds::place_of(*newest).index + 1 : 0;
}

Task<std::vector<Bytes>> LogStore::entries(LogId log, std::uint64_t first, std::uint32_t count) {
  if (count > kMostEntries) co_return fail(Code::too_large);
  const LeafIds ids(log);
  if (first >= static_cast<std::uint64_t>(LeafIds::kSlots)) co_return std::vector<Bytes>();
  const std::int64_t from = LeafIds::id_of({log, first});
  co_return co_await session_.read([from, last = ids.last, count](Connection& db) {
    return db.all(
        "SELECT leaf FROM log_leaves WHERE id BETWEEN ? AND ? ORDER BY id LIMIT ?",
        [](const Row& row) { return row.text(0); }, from, last, count);
  });
}

Task<std::optional<LogPlace>> LogStore::find_publish(PackageKey key, std::string version) {
  return session_.read([key = std::move(key), version = std::move(version)](Connection& db) {
    return load_publish(db, key, version);
  });
}

}  // namespace kontor::sqlite
