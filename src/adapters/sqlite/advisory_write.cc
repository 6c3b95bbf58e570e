// Outcomes are found by reading; then each record that is new takes the old one's place.
#include "adapters/sqlite/advisory_write.h"

#include "adapters/sqlite/log_rows.h"

namespace kontor::sqlite {
namespace {

Result<AdvisoryOutcome> outcome_of(Connection& db, const AdvisoryRecord& record, bool replace) {
  struct Stored {
    Timestamp modified;
    Sha256 digest;
  };
  const auto stored = db.one(
      "SELECT modified, digest FROM advisories WHERE id = ?",
      [](const Row& row) { return Stored{row.time(0), row.digest<Sha256>(1)}; }, record.id);
  if (!stored) return std::unexpected(stored.error());
  if (!*stored) return AdvisoryOutcome::added;
  if (record.is_new) return fail(Code::conflict, "There is an advisory " + record.id + " already.");
  if ((*stored)->digest == record.digest) return AdvisoryOutcome::unchanged;
  if (!replace && (*stored)->modified > record.modified) return AdvisoryOutcome::outdated;
  return AdvisoryOutcome::changed;
}

// What is known of the subjects changed, and packages of their names wait for a scan. Asked before
// the rows of an advisory go and after new ones came.
Result<void> touch_subjects(Connection& db, const std::string& id) {
  auto done = db.run(
      "INSERT INTO advisory_marks (ecosystem, name, mark)"
      " SELECT ecosystem, name, 1 FROM advisory_subjects WHERE advisory = ?"
      " ON CONFLICT (ecosystem, name) DO UPDATE SET mark = mark + 1",
      id);
  if (done)
    done = db.run(
        "INSERT OR IGNORE INTO advisory_scans (format, name) SELECT p.format, p.name"
        " FROM advisory_subjects s JOIN packages p ON p.format = s.format AND p.name = s.name"
        " WHERE s.advisory = ?",
        id);
  return done;
}

Result<void> remove_rows(Connection& db, const std::string& id) {
  auto done = touch_subjects(db, id);
  if (done) done = db.run("DELETE FROM advisory_subjects WHERE advisory = ?", id);
  if (done) done = db.run("DELETE FROM advisory_aliases WHERE advisory = ?", id);
  return done;
}

Result<void> put_rows(Connection& db, const AdvisoryRecord& record) {
  auto done = db.run(
      "INSERT OR REPLACE INTO advisories (id, modified, withdrawn, digest, document)"
      " VALUES (?, ?, ?, ?, ?)",
      record.id, record.modified, record.withdrawn, record.digest, record.document);
  for (const auto& alias : record.aliases)
    if (done)
      done = db.run("INSERT OR IGNORE INTO advisory_aliases (alias, advisory) VALUES (?, ?)", alias,
                    record.id);
  for (const SubjectText& text : record.subjects)
    if (done)
      done = db.run(
          "INSERT OR REPLACE INTO advisory_subjects (ecosystem, name, advisory, format, text)"
          " VALUES (?, ?, ?, ?, ?)",
          text.subject.ecosystem, text.subject.name, record.id, text.format, text.text);
  return done ? touch_subjects(db, record.id) : done;
}

LogEvent leaf_of(const AdvisoryRecord& record, const LogAuthor& by) {
  return {LogId::open, tlog::AdvisoryEvent{record.id, record.digest}, by, std::nullopt};
}

}  // namespace

Result<std::vector<AdvisoryOutcome>> write_advisories(Connection& db, const AdvisoryBatch& batch) {
  std::vector<AdvisoryOutcome> outcomes;
  std::vector<LogEvent> leaves;
  for (const AdvisoryRecord& record : batch.records) {
    auto outcome = outcome_of(db, record, batch.replace);
    if (!outcome) return fail(outcome);
    outcomes.push_back(*outcome);
    if (*outcome <= AdvisoryOutcome::changed) leaves.push_back(leaf_of(record, batch.by));
  }
  if (auto fine = check_events(db, leaves); !fine) return fail(fine);
  LogEnds ends;
  if (auto logged = append_events(db, ends, batch.at, PackageId(0), leaves); !logged)
    return fail(logged);
  for (std::size_t i = 0; i < batch.records.size(); ++i) {
    if (outcomes[i] > AdvisoryOutcome::changed) continue;
    Result<void> done;
    if (outcomes[i] == AdvisoryOutcome::changed) done = remove_rows(db, batch.records[i].id);
    if (done) done = put_rows(db, batch.records[i]);
    if (!done) return fail(done);
  }
  if (!leaves.empty())
    if (auto done = add_audit_rows(db, ends, batch.at, batch.audit); !done) return fail(done);
  return outcomes;
}

}  // namespace kontor::sqlite
