// Ranges of ids are ranges of indexes.
#include "adapters/sqlite/log_store.h"

#include "adapters/sqlite/log_rows.h"

namespace kontor::sqlite {
namespace {

constexpr std::uint32_t kMostEntries = 65'536;

}  // namespace

Task<std::uint64_t> LogStore::size(LogId log) {
  const LeafIds ids(log);
  const auto newest = co_await session_.reader().number(
      "SELECT id FROM log_leaves WHERE id BETWEEN ? AND ? ORDER BY id DESC LIMIT 1", ids.first,
      ids.last);
  co_return newest ? LeafIds::place_of(*newest).index + 1 : 0;
}

Task<std::vector<Bytes>> LogStore::entries(LogId log, std::uint64_t first, std::uint32_t count) {
  if (count > kMostEntries) co_return fail(Code::too_large);
  const LeafIds ids(log);
  if (first >= static_cast<std::uint64_t>(LeafIds::kSlots)) co_return std::vector<Bytes>();
  const std::int64_t from = LeafIds::id_of({log, first});
  co_return session_.reader().all(
      "SELECT leaf FROM log_leaves WHERE id BETWEEN ? AND ? ORDER BY id LIMIT ?",
      [](const Row& row) { return row.text(0); }, from, ids.last, count);
}

Task<std::optional<LogPlace>> LogStore::find_publish(PackageKey key, std::string version) {
  Connection& db = session_.reader();
  const Snapshot snapshot(db);
  const auto package = co_await db.number("SELECT id FROM packages WHERE format = ? AND name = ?",
                                          key.format, key.name);
  if (!package) co_return std::nullopt;
  const auto read = [](const Row& row) { return read_logged(row, 0); };
  const auto present = co_await db.one(
      "SELECT logged FROM versions WHERE package = ? AND version = ?", read, *package, version);
  if (present) co_return *present;
  const auto removed = co_await db.one(
      "SELECT logged FROM tombstones WHERE package = ? AND version = ?", read, *package, version);
  co_return removed ? *removed : std::nullopt;
}

}  // namespace kontor::sqlite
