// The writer's thread is the only one that appends, inside the transaction of the change: the next
// index is one more than the newest, and a transaction that is undone takes its indexes back.
#include "adapters/sqlite/log_rows.h"

#include "ports/audit_row.h"

#include <algorithm>
#include <functional>

namespace kontor::sqlite {
namespace {

constexpr std::size_t kSaltBytes = 16;

constexpr const char* kNewestLeaf =
    "SELECT id, at FROM log_leaves WHERE id BETWEEN ? AND ? ORDER BY id DESC LIMIT 1";

Result<LogEnd> end_of(Connection& db, LogId log) {
  const LeafIds ids(log);
  const auto newest = db.one(
      kNewestLeaf, [](const Row& row) { return LogEnd{row.integer(0) + 1, row.count(1)}; },
      ids.first, ids.last);
  if (!newest) return std::unexpected(newest.error());
  return newest->value_or(LogEnd{ids.first, 0});
}

using Print = std::function<Result<Bytes>(std::uint64_t time)>;

Result<LoggedLeaf> append(Connection& db, LogEnds& ends, LogId log, Timestamp at,
                          const Print& print) {
  auto known = ends.find(log);
  if (known == ends.end()) {
    auto end = end_of(db, log);
    if (!end) return fail(end);
    known = ends.emplace(log, *end).first;
  }
  LogEnd& end = known->second;
  const auto seconds = static_cast<std::uint64_t>(std::max<std::int64_t>(0, at.ms / 1000));
  end.time = std::max(end.time, seconds);
  auto leaf = print(end.time);
  if (!leaf) return fail(leaf);
  auto done = db.run("INSERT INTO log_leaves (id, at, leaf) VALUES (?, ?, ?)", end.id, end.time,
                     Blob{*leaf});
  if (!done) return fail(done);
  return LoggedLeaf{LeafIds::place_of(end.id++), std::move(*leaf)};
}

class Rows final : public LeafRows {
 public:
  Rows(Connection& db, PackageId package) : db_(db), package_(package) {}

  Result<tlog::Account> account(UserId user) override {
    auto account = db_.one(
        "SELECT account FROM users WHERE id = ?", [](const Row& row) { return row.text(0); }, user);
    if (!account) return fail(account);
    if (*account) return tlog::Account(std::move(**account));
    if (!db_.knows_all()) return tlog::Account("acct_0");
    return fail(Code::conflict, "The user is gone.");
  }
  Result<std::optional<std::string>> tagged(const std::string& tag) override {
    return db_.one(
        "SELECT version FROM tags WHERE package = ? AND tag = ?",
        [](const Row& row) { return row.text(0); }, package_, tag);
  }

 private:
  Connection& db_;
  PackageId package_;
};

}  // namespace

std::optional<LogPlace> read_logged(const Row& row, int column) {
  if (row.is_null(column)) return std::nullopt;
  return LeafIds::place_of(row.integer(column));
}

Result<void> check_events(Connection& db, const std::vector<LogEvent>& events) {
  Rows rows(db, PackageId(0));
  for (const LogEvent& event : events) {
    auto leaf = resolve_event(rows, event);
    if (!leaf) return fail(leaf);
    if (auto printed = tlog::print_leaf(*leaf); !printed) return fail(printed);
  }
  return {};
}

Result<std::vector<LoggedLeaf>> append_events(Connection& db, LogEnds& ends, Timestamp at,
                                              PackageId package,
                                              const std::vector<LogEvent>& events) {
  Rows rows(db, package);
  std::vector<LoggedLeaf> out;
  for (const LogEvent& event : events) {
    auto leaf = resolve_event(rows, event);
    if (!leaf) return fail(leaf);
    auto logged = append(db, ends, event.log, at, [&](std::uint64_t time) {
      leaf->time = time;
      return tlog::print_leaf(*leaf);
    });
    if (!logged) return fail(logged);
    out.push_back(std::move(*logged));
  }
  return out;
}

Result<void> add_audit_rows(Connection& db, LogEnds& ends, Timestamp at,
                            const std::vector<AuditEntry>& entries) {
  for (const AuditEntry& entry : entries) {
    const Bytes salt = db.random_bytes(kSaltBytes);
    auto logged = append(db, ends, LogId::audit, at, [&](std::uint64_t time) {
      return tlog::print_audit_leaf({entry.action, audit_row_digest(salt, at, entry), time});
    });
    if (!logged) return fail(logged);
    auto done = db.run(
        "INSERT INTO audit (at, actor, token_key, address, action, target, detail, request_id,"
        " salt, logged) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        at, entry.actor, entry.token_key, entry.address, entry.action, entry.target, entry.detail,
        entry.request_id, Blob{salt}, LeafIds::id_of(logged->place));
    if (!done) return done;
  }
  return {};
}

Result<void> add_trail(Connection& db, const Trail& trail) {
  LogEnds ends;
  auto logged = append_events(db, ends, trail.at, PackageId(0), trail.log);
  if (!logged) return fail(logged);
  return add_audit_rows(db, ends, trail.at, trail.audit);
}

}  // namespace kontor::sqlite
