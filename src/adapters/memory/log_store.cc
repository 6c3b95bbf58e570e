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

class Rows final : public LeafRows {
 public:
  Rows(const Database& database, const PackageRow* package)
      : database_(database), package_(package) {}

  Result<tlog::Account> account(UserId id) override {
    const auto user = database_.users.find(id);
    if (user == database_.users.end()) return fail(Code::conflict, "The user is gone.");
    return tlog::Account(user->second.account);
  }
  Result<std::optional<std::string>> tagged(const std::string& tag) override {
    if (!package_) return std::nullopt;
    const auto found = package_->tags.find(tag);
    if (found == package_->tags.end()) return std::nullopt;
    return found->second;
  }

 private:
  const Database& database_;
  const PackageRow* package_;
};

}  // namespace

Result<std::vector<NewLeaf>> make_leaves(Database& database, Timestamp at,
                                         const PackageRow* package,
                                         const std::vector<LogEvent>& events) {
  Rows rows(database, package);
  std::vector<NewLeaf> leaves;
  std::map<LogId, std::uint64_t> ends;
  for (const LogEvent& event : events) {
    const auto end = ends.try_emplace(event.log, database.logs[event.log].size()).first;
    auto leaf = resolve_event(rows, event);
    if (!leaf) return fail(leaf);
    leaf->time = next_time(database, event.log, at);
    auto printed = tlog::print_leaf(*leaf);
    if (!printed) return fail(printed);
    leaves.push_back({{{event.log, end->second++}, std::move(*printed)}, leaf->time});
  }
  return leaves;
}

std::vector<LogPlace> append_leaves(Database& database, std::vector<NewLeaf> leaves) {
  std::vector<LogPlace> places;
  for (NewLeaf& leaf : leaves) {
    places.push_back(leaf.logged.place);
    database.logs[leaf.logged.place.log].push_back({leaf.time, std::move(leaf.logged.leaf)});
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

void append_audit(Database& database, Timestamp at, const std::vector<AuditEntry>& entries) {
  for (const AuditEntry& entry : entries) {
    const auto sequence = static_cast<std::int64_t>(database.audit.size()) + 1;
    const Bytes salt = "salt " + std::to_string(sequence);
    const auto index = append_audit_leaf(database, at, entry, salt);
    database.audit.push_back({sequence, at, entry, salt, index});
  }
}

Result<void> append_trail(Database& database, const Trail& trail) {
  auto leaves = make_leaves(database, trail.at, nullptr, trail.log);
  if (!leaves) return fail(leaves);
  append_leaves(database, std::move(*leaves));
  append_audit(database, trail.at, trail.audit);
  return {};
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

Task<std::uint32_t> LogStore::tell(Timestamp at, std::vector<Fact> facts) {
  auto told = database_.facts;
  Trail trail{.at = at, .audit = {}, .log = {}};
  for (const Fact& fact : facts) {
    const auto last = told.find(fact.name);
    if (last != told.end() && last->second == fact.value) continue;
    LogEvent event = fact.event;
    if (auto* policy = std::get_if<tlog::PolicyEvent>(&event.event)) {
      policy->before.reset();
      if (last != told.end()) policy->before = last->second;
    }
    told[fact.name] = fact.value;
    trail.log.push_back(std::move(event));
    trail.audit.push_back(fact.audit);
  }
  co_await append_trail(database_, trail);
  database_.facts = std::move(told);
  co_return static_cast<std::uint32_t>(trail.log.size());
}

}  // namespace kontor::memory
