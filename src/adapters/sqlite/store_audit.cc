// References are looked up by the reader first. What it does not find is asked once more behind all
// changes that wait for the writer, so that no row about to be stored is missed.
#include "adapters/sqlite/store_audit.h"

#include "adapters/sqlite/search_index.h"
#include "adapters/sqlite/store_checks.h"

#include <algorithm>

namespace kontor::sqlite {
namespace {

constexpr std::size_t kAskedAtOnce = 500;    // digests a turn of the writer
constexpr std::size_t kIndexedAtOnce = 200;  // packages a turn of the writer

using Digests = std::vector<Sha256>;

Result<Digests> not_named(Connection& db, const Digests& digests) {
  Digests out;
  for (const auto& digest : digests) {
    const auto named = db.exists(
        "SELECT 1 FROM versions WHERE sha256 = ?1 AND standing <> 3"
        " UNION ALL SELECT 1 FROM replaced_versions WHERE sha256 = ?1 LIMIT 1",
        digest);
    if (!named) return std::unexpected(named.error());
    if (!*named) out.push_back(digest);
  }
  return out;
}

Result<void> rebuild_indexes(Connection& db) {
  for (const char* sql : {"REINDEX", "INSERT INTO search_names (search_names) VALUES ('rebuild')",
                          "INSERT INTO search_texts (search_texts) VALUES ('rebuild')"})
    if (auto done = db.run(sql); !done) return done;
  return {};
}

// Sums of downloads by those of the versions. Before the search index, which goes by them.
Result<void> sum_downloads(Connection& db) {
  for (const char* sql :
       {"DELETE FROM package_downloads",
        "INSERT INTO package_downloads (package, day, count)"
        " SELECT package, day, sum(count) FROM version_downloads GROUP BY package, day",
        "UPDATE packages SET downloads = (SELECT coalesce(sum(v.count), 0)"
        " FROM version_downloads v WHERE v.package = packages.id)"
        " WHERE downloads > 0 OR id IN (SELECT package FROM version_downloads)"})
    if (auto done = db.run(sql); !done) return done;
  return {};
}

Result<void> drop_strays(Connection& db) {
  for (const char* sql :
       {"DELETE FROM search_entries WHERE package NOT IN (SELECT id FROM packages)",
        "DELETE FROM search_names WHERE rowid NOT IN (SELECT place FROM search_entries)",
        "DELETE FROM search_texts WHERE rowid NOT IN (SELECT place FROM search_entries)"})
    if (auto done = db.run(sql); !done) return done;
  return {};
}

// Indexes the packages after `after` anew; yields the last one, nothing at the end.
Result<std::optional<std::int64_t>> index_some(Connection& db, std::int64_t after) {
  const auto packages = db.all(
      "SELECT package FROM search_entries WHERE package > ? ORDER BY package LIMIT ?",
      [](const Row& row) { return row.integer(0); }, after, kIndexedAtOnce);
  if (!packages) return std::unexpected(packages.error());
  for (const std::int64_t package : *packages)
    if (auto done = index_package(db, PackageId(package)); !done) return fail(done);
  return packages->empty() ? std::nullopt : std::optional(packages->back());
}

}  // namespace

Task<Digests> StoreAudit::unreferenced(Digests digests) {
  Digests out;
  for (std::size_t at = 0; at < digests.size(); at += kAskedAtOnce) {
    const auto begin = digests.begin() + static_cast<std::ptrdiff_t>(at);
    const auto count = std::min(kAskedAtOnce, digests.size() - at);
    Digests some(begin, begin + static_cast<std::ptrdiff_t>(count));
    auto unnamed = co_await session_.read(
        [some = std::move(some)](Connection& db) { return not_named(db, some); });
    if (!unnamed.empty() && !session_.read_only())
      unnamed = co_await session_.write<Digests>(
          [unnamed](Connection& db) { return not_named(db, unnamed); });
    out.insert(out.end(), unnamed.begin(), unnamed.end());
    co_await session_.next_turn();
  }
  co_return out;
}

Task<std::vector<StoreFault>> StoreAudit::check() {
  auto faults = co_await session_.read(check_rows);
  if (session_.read_only()) co_return faults;
  const auto broken = co_await whole(session_.write<std::vector<StoreFault>>(
      [](Connection& db) { return check_search_structure(db); }));
  if (!broken) co_return std::unexpected(broken.error());
  faults.insert(faults.end(), broken->begin(), broken->end());
  co_return faults;
}

Task<> StoreAudit::rebuild_derived() {
  co_await session_.write<void>(rebuild_indexes);
  co_await session_.write<void>(sum_downloads);
  co_await session_.write<void>(drop_strays);
  std::optional<std::int64_t> after = 0;
  while (after) {
    after = co_await session_.write<std::optional<std::int64_t>>(
        [last = *after](Connection& db) { return index_some(db, last); });
  }
  co_return {};
}

}  // namespace kontor::sqlite
