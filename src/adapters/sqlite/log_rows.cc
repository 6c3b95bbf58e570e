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

Result<std::int64_t> append(Connection& db, LogEnds& ends, LogId log, Timestamp at,
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
  return end.id++;
}

Result<tlog::Account> account_of(Connection& db, UserId user) {
  auto account = db.one(
      "SELECT account FROM users WHERE id = ?", [](const Row& row) { return row.text(0); }, user);
  if (!account) return fail(account);
  if (*account) return tlog::Account(std::move(**account));
  if (!db.knows_all()) return tlog::Account("system");
  return fail(Code::conflict, "The user is gone.");
}

struct FillIn {
  Connection& db;
  PackageId package;
  const LogEvent& source;

  Result<void> operator()(tlog::OwnerEvent& event) { return account(event.account); }
  Result<void> operator()(tlog::TokenEvent& event) { return account(event.account); }
  Result<void> operator()(tlog::TagEvent& event) {
    auto before = db.one(
        "SELECT version FROM tags WHERE package = ? AND tag = ?",
        [](const Row& row) { return row.text(0); }, package, event.tag);
    if (!before) return fail(before);
    event.before = std::move(*before);
    return {};
  }
  template <class Event>
  Result<void> operator()(Event&) {
    return {};
  }

 private:
  Result<void> account(tlog::Account& account) {
    if (!source.about) return {};
    auto found = account_of(db, *source.about);
    if (!found) return fail(found);
    account = std::move(*found);
    return {};
  }
};

// The leaf but for its time.
Result<tlog::Leaf> resolve(Connection& db, PackageId package, const LogEvent& event) {
  tlog::Leaf leaf{event.event, {tlog::Account("system"), event.by.credential}, 0};
  if (event.by.user) {
    auto account = account_of(db, *event.by.user);
    if (!account) return fail(account);
    leaf.by.account = std::move(*account);
  }
  if (auto done = std::visit(FillIn{db, package, event}, leaf.event); !done) return fail(done);
  return leaf;
}

}  // namespace

std::optional<LogPlace> read_logged(const Row& row, int column) {
  if (row.is_null(column)) return std::nullopt;
  return LeafIds::place_of(row.integer(column));
}

Result<void> check_events(Connection& db, const std::vector<LogEvent>& events) {
  for (const LogEvent& event : events) {
    auto leaf = resolve(db, PackageId(0), event);
    if (!leaf) return fail(leaf);
    if (auto printed = tlog::print_leaf(*leaf); !printed) return fail(printed);
  }
  return {};
}

Result<std::vector<LogPlace>> append_events(Connection& db, LogEnds& ends, Timestamp at,
                                            PackageId package,
                                            const std::vector<LogEvent>& events) {
  std::vector<LogPlace> places;
  for (const LogEvent& event : events) {
    auto leaf = resolve(db, package, event);
    if (!leaf) return fail(leaf);
    auto id = append(db, ends, event.log, at, [&](std::uint64_t time) {
      leaf->time = time;
      return tlog::print_leaf(*leaf);
    });
    if (!id) return fail(id);
    places.push_back(LeafIds::place_of(*id));
  }
  return places;
}

Result<void> add_audit_rows(Connection& db, LogEnds& ends, Timestamp at,
                            const std::vector<AuditEntry>& entries) {
  for (const AuditEntry& entry : entries) {
    const Bytes salt = db.random_bytes(kSaltBytes);
    auto id = append(db, ends, LogId::audit, at, [&](std::uint64_t time) {
      return tlog::print_audit_leaf({entry.action, audit_row_digest(salt, at, entry), time});
    });
    if (!id) return fail(id);
    auto done = db.run(
        "INSERT INTO audit (at, actor, token_key, address, action, target, detail, request_id,"
        " salt, logged) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        at, entry.actor, entry.token_key, entry.address, entry.action, entry.target, entry.detail,
        entry.request_id, Blob{salt}, *id);
    if (!done) return done;
  }
  return {};
}

}  // namespace kontor::sqlite
