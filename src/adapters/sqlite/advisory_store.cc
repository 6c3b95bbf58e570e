// Queries by key, pages in order of ids, and the scans that are due.
#include "adapters/sqlite/advisory_store.h"

#include "adapters/sqlite/advisory_write.h"
#include "base/json.h"

#include <algorithm>

namespace kontor::sqlite {
namespace {

constexpr std::size_t kMostRecords = 1000;
constexpr std::size_t kPageBytes = 8u << 20;
constexpr std::size_t kNamesAtOnce = 1000;

AdvisoryRecord read_record(const Row& row) {
  return {row.text(0),           row.time(1), row.optional_time(2), {}, row.text(3),
          row.digest<Sha256>(4), {}};
}

// By its own id, which wins over one that names it as an alias.
Result<std::optional<AdvisoryRecord>> find_record(Connection& db, const std::string& id) {
  auto found = db.one(
      "SELECT id, modified, withdrawn, document, digest FROM advisories"
      " WHERE id = ?",
      read_record, id);
  if (!found || *found) return found;
  return db.one(
      "SELECT a.id, a.modified, a.withdrawn, a.document, a.digest FROM advisory_aliases s"
      " JOIN advisories a ON a.id = s.advisory WHERE s.alias = ? ORDER BY a.id LIMIT 1",
      read_record, id);
}

Result<std::optional<AdvisoryRecord>> load_record(Connection& db, const std::string& id) {
  const Snapshot snapshot(db);
  auto found = find_record(db, id);
  if (!found || !*found) return found;
  auto aliases = db.all(
      "SELECT alias FROM advisory_aliases WHERE advisory = ? ORDER BY alias",
      [](const Row& row) { return row.text(0); }, (*found)->id);
  if (!aliases) return fail(aliases);
  (*found)->aliases = std::move(*aliases);
  return found;
}

Result<AdvisoriesAbout> load_about(Connection& db, const AdvisorySubject& subject) {
  const Snapshot snapshot(db);
  AdvisoriesAbout about;
  const auto mark = db.number("SELECT mark FROM advisory_marks WHERE ecosystem = ? AND name = ?",
                              subject.ecosystem, subject.name);
  if (!mark) return std::unexpected(mark.error());
  if (!*mark) return about;
  about.mark = static_cast<std::uint64_t>(**mark);
  auto texts = db.all(
      "SELECT text FROM advisory_subjects WHERE ecosystem = ? AND name = ? ORDER BY advisory",
      [](const Row& row) { return row.text(0); }, subject.ecosystem, subject.name);
  if (!texts) return fail(texts);
  about.texts = std::move(*texts);
  return about;
}

using TextsByName = std::map<std::string, std::vector<Bytes>>;

// `names` is a JSON array.
Result<void> add_texts(Connection& db, const std::string& ecosystem, const std::string& names,
                       TextsByName& texts) {
  return db.each(
      "SELECT s.name, s.text FROM json_each(?2) n CROSS JOIN advisory_subjects s"
      " ON s.ecosystem = ?1 AND s.name = n.value ORDER BY s.name, s.advisory",
      [&](const Row& row) { texts[row.text(0)].push_back(row.text(1)); }, ecosystem, names);
}

Result<std::vector<AdvisoryRecord>> load_page(Connection& db, const AdvisoryQuery& query) {
  std::vector<AdvisoryRecord> records;
  const auto limit = std::min<std::size_t>(query.limit, kMostRecords);
  if (limit == 0) return records;
  const auto since = query.since.value_or(Timestamp{INT64_MIN});
  std::size_t bytes = 0;
  const auto take = [&](const Row& row) {
    records.push_back(read_record(row));
    bytes += records.back().document.size();
    return bytes >= kPageBytes;
  };
  auto done =
      query.subject
          ? db.until(
                "SELECT a.id, a.modified, a.withdrawn, a.document, a.digest"
                " FROM advisory_subjects s JOIN advisories a ON a.id = s.advisory"
                " WHERE s.ecosystem = ? AND s.name = ? AND s.advisory > ? AND a.modified >= ?"
                " ORDER BY s.advisory LIMIT ?",
                take, query.subject->ecosystem, query.subject->name, query.after, since, limit)
          : db.until(
                "SELECT id, modified, withdrawn, document, digest FROM advisories"
                " WHERE id > ? AND modified >= ? ORDER BY id LIMIT ?",
                take, query.after, since, limit);
  if (!done) return fail(done);
  return records;
}

Result<bool> write_rules(Connection& db, const std::string& rules) {
  const auto same = db.exists("SELECT 1 FROM advisory_rules WHERE rules = ?", rules);
  if (!same) return std::unexpected(same.error());
  if (*same) return false;
  auto done = db.run("INSERT OR REPLACE INTO advisory_rules (id, rules) VALUES (1, ?)", rules);
  if (done)
    done = db.run(
        "INSERT OR IGNORE INTO advisory_scans (format, name) SELECT DISTINCT p.format, p.name"
        " FROM advisory_subjects s JOIN packages p ON p.format = s.format AND p.name = s.name");
  if (!done) return fail(done);
  return true;
}

}  // namespace

Task<std::vector<AdvisoryOutcome>> AdvisoryStore::put(AdvisoryBatch batch) {
  if (batch.records.size() > kMostRecords) co_return fail(Code::too_large);
  co_return co_await session_.write<std::vector<AdvisoryOutcome>>(
      [batch = std::move(batch)](Connection& db) { return write_advisories(db, batch); },
      ChangeStamps::kNothing);
}

Task<std::optional<AdvisoryRecord>> AdvisoryStore::find(std::string id) {
  return session_.read([id = std::move(id)](Connection& db) { return load_record(db, id); });
}

Task<AdvisoriesAbout> AdvisoryStore::about(AdvisorySubject subject) {
  return session_.read(
      [subject = std::move(subject)](Connection& db) { return load_about(db, subject); });
}

Task<TextsByName> AdvisoryStore::about_each(std::string ecosystem, std::vector<std::string> names) {
  std::vector<std::string> lists;
  for (std::size_t at = 0; at < names.size(); at += kNamesAtOnce) {
    const auto begin = names.begin() + static_cast<std::ptrdiff_t>(at);
    const auto count = std::min(kNamesAtOnce, names.size() - at);
    const Json list = std::vector<std::string>(begin, begin + static_cast<std::ptrdiff_t>(count));
    lists.push_back(list.dump());
  }
  return session_.read([ecosystem = std::move(ecosystem),
                        lists = std::move(lists)](Connection& db) -> Result<TextsByName> {
    const Snapshot snapshot(db);
    TextsByName texts;
    for (const auto& list : lists)
      if (auto done = add_texts(db, ecosystem, list, texts); !done) return fail(done);
    return texts;
  });
}

Task<std::vector<AdvisoryRecord>> AdvisoryStore::list(AdvisoryQuery query) {
  return session_.read([query = std::move(query)](Connection& db) { return load_page(db, query); });
}

Task<std::uint64_t> AdvisoryStore::last_number(std::string prefix, std::uint32_t year) {
  const auto begin = prefix + "-" + std::to_string(year) + "-";
  const auto last = co_await session_.read([begin](Connection& db) {
    return db.number(
        "SELECT max(CAST(substr(id, ?3) AS INTEGER)) FROM advisories WHERE id > ?1 AND id < ?2"
        " AND length(id) BETWEEN ?3 AND ?3 + 14 AND substr(id, ?3) NOT GLOB '*[^0-9]*'",
        begin, begin + ":", begin.size() + 1);
  });
  co_return static_cast<std::uint64_t>(last.value_or(0));
}

Task<std::vector<PackageKey>> AdvisoryStore::waiting(std::uint32_t limit) {
  return session_.read([limit](Connection& db) {
    return db.all(
        "SELECT format, name FROM advisory_scans ORDER BY format, name LIMIT ?",
        [](const Row& row) {
          return PackageKey{static_cast<FormatId>(row.integer(0)), row.text(1)};
        },
        limit);
  });
}

Task<> AdvisoryStore::scanned(PackageKey key, AdvisorySubject subject, std::uint64_t mark) {
  return session_.write<void>(
      [key = std::move(key), subject = std::move(subject), mark](Connection& db) {
        return db.run(
            "DELETE FROM advisory_scans WHERE format = ? AND name = ? AND"
            " coalesce((SELECT mark FROM advisory_marks WHERE ecosystem = ? AND name = ?), 0) = ?",
            key.format, key.name, subject.ecosystem, subject.name, mark);
      },
      ChangeStamps::kNothing);
}

Task<bool> AdvisoryStore::apply_rules(std::string rules) {
  const auto same = co_await session_.read([rules](Connection& db) {
    return db.exists("SELECT 1 FROM advisory_rules WHERE rules = ?", rules);
  });
  if (same) co_return false;
  co_return co_await session_.write<bool>(
      [rules = std::move(rules)](Connection& db) { return write_rules(db, rules); },
      ChangeStamps::kNothing);
}

}  // namespace kontor::sqlite
