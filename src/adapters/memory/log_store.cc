// Making leaves is apart from appending them, so that a change can still fail in between.
#include "adapters/memory/log_store.h"

#include "base/check.h"
#include "ports/audit_row.h"

#include <algorithm>

namespace kontor::memory {
namespace {

constexpr std::uint32_t kMostEntries = 65'536;

std::uint64_t next_time(const Database& database, LogId log, Timestamp at) {
  const auto seconds = static_cast<std::uint64_t>(std::max<std::int64_t>(0, at.ms / 1000));
  const auto it = database.logs.find(log);
  if (it == database.logs.end() || it->second.empty()) return seconds;
  return std::max(seconds, it->second.back().time);
}

Result<tlog::Account> account_of(const Database& database, UserId id) {
  const auto user = database.users.find(id);
  if (user == database.users.end()) return fail(Code::conflict, "The user is gone.");
  return tlog::Account(user->second.account);
}

struct FillIn {
  const Database& database;
  const PackageRow* package;
  const LogEvent& source;

  Result<void> operator()(tlog::OwnerEvent& event) { return account(event.account); }
  Result<void> operator()(tlog::TokenEvent& event) { return account(event.account); }
  Result<void> operator()(tlog::TagEvent& event) {
    event.before.reset();
    if (!package) return {};
    const auto tag = package->tags.find(event.tag);
    if (tag != package->tags.end()) event.before = tag->second;
    return {};
  }
  template <class Event>
  Result<void> operator()(Event&) {
    return {};
  }

 private:
  Result<void> account(tlog::Account& account) {
    if (!source.about) return {};
    auto found = account_of(database, *source.about);
    if (!found) return fail(found);
    account = std::move(*found);
    return {};
  }
};

// The leaf but for its time.
Result<tlog::Leaf> resolve(const Database& database, const PackageRow* package,
                           const LogEvent& event) {
  tlog::Leaf leaf{event.event, {tlog::Account("system"), event.by.credential}, 0};
  if (event.by.user) {
    auto account = account_of(database, *event.by.user);
    if (!account) return fail(account);
    leaf.by.account = std::move(*account);
  }
  if (auto done = std::visit(FillIn{database, package, event}, leaf.event); !done)
    return fail(done);
  return leaf;
}

}  // namespace

Result<std::vector<NewLeaf>> make_leaves(Database& database, Timestamp at,
                                         const PackageRow* package,
                                         const std::vector<LogEvent>& events) {
  std::vector<NewLeaf> leaves;
  std::map<LogId, std::uint64_t> ends;
  for (const LogEvent& event : events) {
    const auto end = ends.try_emplace(event.log, database.logs[event.log].size()).first;
    auto leaf = resolve(database, package, event);
    if (!leaf) return fail(leaf);
    leaf->time = next_time(database, event.log, at);
    auto printed = tlog::print_leaf(*leaf);
    if (!printed) return fail(printed);
    leaves.push_back({{event.log, end->second++}, {leaf->time, std::move(*printed)}});
  }
  return leaves;
}

std::vector<LogPlace> append_leaves(Database& database, std::vector<NewLeaf> leaves) {
  std::vector<LogPlace> places;
  for (NewLeaf& leaf : leaves) {
    places.push_back(leaf.place);
    database.logs[leaf.place.log].push_back(std::move(leaf.stored));
  }
  return places;
}

std::uint64_t append_audit_leaf(Database& database, Timestamp at, const AuditEntry& entry,
                                ByteView salt) {
  auto& log = database.logs[LogId::audit];
  const std::uint64_t time = next_time(database, LogId::audit, at);
  auto leaf = tlog::print_audit_leaf({entry.action, audit_row_digest(salt, at, entry), time});
  check(leaf.has_value(), "the action of an audit row is too long");
  log.push_back({time, std::move(*leaf)});
  return log.size() - 1;
}

Task<std::uint64_t> LogStore::size(LogId log) {
  co_return database_.logs[log].size();
}

Task<std::vector<Bytes>> LogStore::entries(LogId log, std::uint64_t first, std::uint32_t count) {
  if (count > kMostEntries) co_return fail(Code::too_large);
  const auto& leaves = database_.logs[log];
  std::vector<Bytes> entries;
  for (std::uint64_t i = first; i < leaves.size() && entries.size() < count; ++i)
    entries.push_back(leaves[i].leaf);
  co_return entries;
}

Task<std::optional<LogPlace>> LogStore::find_publish(PackageKey key, std::string version) {
  const auto package = database_.packages.find(key);
  if (package == database_.packages.end()) co_return std::nullopt;
  if (const auto* found = package->second.find_version(version)) co_return (*found)->logged;
  const auto removed = package->second.tombstones.find(version);
  co_return removed == package->second.tombstones.end() ? std::nullopt : removed->second;
}

}  // namespace kontor::memory
