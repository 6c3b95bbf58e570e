// Preconditions, then each operation in order against what is stored and what the operations before
// it would have left.
#include "adapters/sqlite/change_check.h"

#include "adapters/sqlite/log_rows.h"

#include <map>

namespace kontor::sqlite {
namespace {

Result<bool> user_exists(Connection& db, UserId user) {
  auto found = db.exists("SELECT 1 FROM users WHERE id = ?", user);
  if (found && !db.knows_all()) return true;
  return found;
}

Result<PackageHead> check_creation(Connection& db, const PackageChange& change) {
  const CreatePackage& create = *change.create;
  const auto taken = db.exists("SELECT 1 FROM packages WHERE format = ? AND name = ?",
                               change.key.format, change.key.name);
  if (!taken) return std::unexpected(taken.error());
  if (*taken) return fail(Code::conflict, "The package exists already.");
  if (!create.collision_key.empty()) {
    auto other = db.one(
        "SELECT name FROM packages WHERE format = ? AND collision_key = ?",
        [](const Row& row) { return row.text(0); }, change.key.format, create.collision_key);
    if (!other) return fail(other);
    if (*other) return fail(Code::conflict, "The name is too similar to " + **other + ".");
  }
  if (!create.claimed_scope.empty()) {
    const auto claimed = db.exists(
        "SELECT 1 FROM scopes s JOIN users u ON u.id = s.owner"
        " WHERE s.format = ? AND s.scope = ? AND s.owner <> ?",
        change.key.format, create.claimed_scope, create.owner);
    if (!claimed) return std::unexpected(claimed.error());
    if (*claimed) return fail(Code::conflict, "The scope is somebody else's.");
  }
  const auto owner = user_exists(db, create.owner);
  if (!owner) return std::unexpected(owner.error());
  if (!*owner) return fail(Code::conflict, "The owner is gone.");
  return PackageHead{PackageId(0), create.visibility, 0, 0};
}

Result<PackageHead> check_package(Connection& db, const PackageChange& change) {
  if (change.create) return check_creation(db, change);
  auto head = db.one(
      kPackageRow,
      [](const Row& row) {
        return PackageHead{PackageId(row.integer(0)), static_cast<Visibility>(row.integer(1)),
                           row.count(2), row.count(3)};
      },
      change.key.format, change.key.name);
  if (!head) return fail(head);
  if (!*head) return fail(Code::not_found);
  if (change.if_revision && *change.if_revision != (*head)->revision) return fail(Code::conflict);
  if (change.if_policy_revision && *change.if_policy_revision != (*head)->policy_revision)
    return fail(Code::conflict);
  if (change.if_tagged.empty()) return **head;
  const auto tagged =
      db.exists("SELECT 1 FROM tags WHERE package = ? AND tag = ?", (*head)->id, change.if_tagged);
  if (!tagged) return std::unexpected(tagged.error());
  if (!*tagged && db.knows_all()) return fail(Code::conflict);
  return **head;
}

class OperationCheck {
 public:
  OperationCheck(Connection& db, PackageId package, FormatId format)
      : db_(db), package_(package), format_(format) {}

  Result<void> operator()(const PutVersion& op) {
    const VersionRecord& record = op.record;
    const auto state = state_of(record.version);
    if (!state) return std::unexpected(state.error());
    if (*state == State::tombstoned) return fail(Code::version_tombstoned);
    if (*state == State::present) return fail(Code::version_exists);
    const auto taken = file_taken(record.file_name);
    if (!taken) return std::unexpected(taken.error());
    if (*taken) return fail(Code::version_exists, "Another version has a file of that name.");
    touched_[record.version] = State::present;
    files_[record.file_name] = record.version;
    return {};
  }
  Result<void> operator()(const RemoveVersion& op) {
    if (auto found = must_exist(op.version); !found) return found;
    touched_[op.version] = State::tombstoned;
    return {};
  }
  Result<void> operator()(const UpdateVersion& op) { return must_exist(op.version); }
  Result<void> operator()(const ReplaceVersion& op) { return must_exist(op.record.version); }
  Result<void> operator()(const SetStanding& op) { return must_exist(op.version); }
  Result<void> operator()(const SetTransfer& op) {
    if (!op.transfer) return {};
    if (auto found = must_be_user(op.transfer->from); !found) return found;
    return must_be_user(op.transfer->to);
  }
  Result<void> operator()(const RemoveAllVersions&) {
    for (auto& [version, state] : touched_) state = State::tombstoned;
    all_removed_ = true;
    return {};
  }
  Result<void> operator()(const SetOwners& op) {
    if (op.owners.empty()) return fail(Code::bad_request, "A package keeps at least one owner.");
    for (const auto& [user, role] : op.owners)
      if (auto found = must_be_user(user); !found) return found;
    return {};
  }
  Result<void> operator()(const SetStar& op) {
    return op.starred ? must_be_user(op.user) : Result<void>();
  }
  Result<void> operator()(const RenamePackage& op) {
    const auto taken =
        db_.exists("SELECT 1 FROM packages WHERE format = ? AND name = ? AND id <> ?", format_,
                   op.name, package_);
    if (!taken) return std::unexpected(taken.error());
    if (*taken) return fail(Code::conflict, "There is a package " + op.name + " already.");
    return {};
  }
  template <class Op>
  Result<void> operator()(const Op&) {
    return {};
  }

  Result<void> must_exist(const std::string& version) {
    const auto state = state_of(version);
    if (!state) return std::unexpected(state.error());
    if (*state != State::present && db_.knows_all()) return fail(Code::version_not_found);
    return {};
  }

 private:
  enum class State { absent, present, tombstoned };

  Result<void> must_be_user(UserId user) {
    const auto found = user_exists(db_, user);
    if (!found) return std::unexpected(found.error());
    if (!*found) return fail(Code::conflict, "The user is gone.");
    return {};
  }
  Result<State> state_of(const std::string& version) {
    if (const auto it = touched_.find(version); it != touched_.end()) return it->second;
    const auto stored =
        db_.exists("SELECT 1 FROM versions WHERE package = ? AND version = ?", package_, version);
    if (!stored) return std::unexpected(stored.error());
    if (*stored) return all_removed_ ? State::tombstoned : State::present;
    const auto dead =
        db_.exists("SELECT 1 FROM tombstones WHERE package = ? AND version = ?", package_, version);
    if (!dead) return std::unexpected(dead.error());
    return *dead ? State::tombstoned : State::absent;
  }
  Result<bool> file_taken(const std::string& file_name) {
    std::string owner;
    if (const auto it = files_.find(file_name); it != files_.end()) {
      owner = it->second;
    } else {
      auto stored = db_.one(
          "SELECT version FROM versions WHERE package = ? AND file_name = ?",
          [](const Row& row) { return row.text(0); }, package_, file_name);
      if (!stored) return fail(stored);
      if (!*stored) return false;
      owner = std::move(**stored);
    }
    const auto state = state_of(owner);
    if (!state) return std::unexpected(state.error());
    return *state == State::present;
  }

  Connection& db_;
  PackageId package_;
  FormatId format_;
  std::map<std::string, State> touched_;
  std::map<std::string, std::string> files_;  // of versions put by this change
  bool all_removed_ = false;
};

// What must hold when all operations are done: tags and the search entry name existing versions.
struct LastLook {
  OperationCheck& check;
  Result<void> operator()(const SetFindings& op) {
    for (const auto& version : op.quarantined)
      if (auto found = check.must_exist(version); !found) return found;
    return {};
  }
  Result<void> operator()(const SetTag& op) { return check.must_exist(op.version); }
  Result<void> operator()(const PutSearchEntry& op) { return check.must_exist(op.entry.version); }
  template <class Op>
  Result<void> operator()(const Op&) {
    return {};
  }
};

Result<void> check_advisories(Connection& db, const PackageChange& change) {
  if (!change.if_advisories) return {};
  const auto mark = db.number("SELECT mark FROM advisory_marks WHERE ecosystem = ? AND name = ?",
                              change.if_advisories->ecosystem, change.key.name);
  if (!mark) return std::unexpected(mark.error());
  if (static_cast<std::uint64_t>(mark->value_or(0)) != change.if_advisories->mark)
    return fail(Code::conflict);
  return {};
}

}  // namespace

Result<PackageHead> check_change(Connection& db, const PackageChange& change) {
  auto head = check_package(db, change);
  if (!head) return head;
  if (auto same = check_advisories(db, change); !same) return fail(same);
  OperationCheck check(db, head->id, change.key.format);
  for (const PackageOp& op : change.ops)
    if (auto fine = std::visit(check, op); !fine) return fail(fine);
  for (const PackageOp& op : change.ops)
    if (auto fine = std::visit(LastLook{check}, op); !fine) return fail(fine);
  if (auto fine = check_events(db, change.log); !fine) return fail(fine);
  return head;
}

}  // namespace kontor::sqlite
