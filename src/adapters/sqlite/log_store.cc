// Ranges of ids are ranges of indexes.
#include "adapters/sqlite/log_store.h"

#include "adapters/sqlite/log_rows.h"

#include <algorithm>
#include <map>

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

using Told = std::map<std::string, std::string>;

// What was told last under the names of these facts.
Result<Told> load_told(Connection& db, const std::vector<Fact>& facts) {
  Told told;
  for (const Fact& fact : facts) {
    auto value = db.one(
        "SELECT value FROM log_facts WHERE name = ?", [](const Row& row) { return row.text(0); },
        fact.name);
    if (!value) return std::unexpected(value.error());
    if (*value) told[fact.name] = std::move(**value);
  }
  return told;
}

bool is_news(const Told& told, const Fact& fact) {
  const auto last = told.find(fact.name);
  return last == told.end() || last->second != fact.value;
}

Result<void> tell_fact(Connection& db, LogEnds& ends, Timestamp at, const Told& told,
                       const Fact& fact) {
  LogEvent event = fact.event;
  if (auto* policy = std::get_if<tlog::PolicyEvent>(&event.event)) {
    policy->before.reset();
    if (const auto last = told.find(fact.name); last != told.end()) policy->before = last->second;
  }
  if (auto logged = append_events(db, ends, at, PackageId(0), {event}); !logged)
    return fail(logged);
  if (auto done = add_audit_rows(db, ends, at, {fact.audit}); !done) return done;
  return db.run(
      "INSERT INTO log_facts (name, value) VALUES (?, ?)"
      " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
      fact.name, fact.value);
}

Result<std::uint32_t> tell_facts(Connection& db, Timestamp at, const std::vector<Fact>& facts) {
  auto told = load_told(db, facts);
  if (!told) return fail(told);
  LogEnds ends;
  std::uint32_t count = 0;
  for (const Fact& fact : facts) {
    if (!is_news(*told, fact)) continue;
    if (auto done = tell_fact(db, ends, at, *told, fact); !done) return fail(done);
    (*told)[fact.name] = fact.value;
    ++count;
  }
  return count;
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

// Most calls bring nothing new, which the reader can tell.
Task<std::uint32_t> LogStore::tell(Timestamp at, std::vector<Fact> facts) {
  const Told told =
      co_await session_.read([facts](Connection& db) { return load_told(db, facts); });
  if (std::ranges::none_of(facts, [&](const Fact& fact) { return is_news(told, fact); }))
    co_return 0;
  co_return co_await session_.write<std::uint32_t>(
      [at, facts = std::move(facts)](Connection& db) { return tell_facts(db, at, facts); },
      ChangeStamps::kNothing);
}

}  // namespace kontor::sqlite
