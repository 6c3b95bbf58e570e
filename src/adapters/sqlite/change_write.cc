// Each operation as the statements it needs, then what follows from all of them together.
#include "adapters/sqlite/change_write.h"

#include "adapters/sqlite/log_rows.h"
#include "adapters/sqlite/search_index.h"
#include "base/json.h"

#include <algorithm>
#include <map>

namespace kontor::sqlite {
namespace {

class ChangeWriter {
 public:
  ChangeWriter(Connection& db, const PackageChange& change, PackageHead head)
      : db_(db), change_(change), name_(change.key.name), head_(head), ids_(head.id) {}

  Result<AppliedChange> run() {
    auto logged = append_events(db_, ends_, change_.at, head_.id, change_.log);
    if (!logged) return fail(logged);
    logged_ = std::move(*logged);
    if (change_.create)
      if (auto done = create(); !done) return fail(done);
    for (const PackageOp& op : change_.ops)
      if (auto done = std::visit(*this, op); !done) return fail(done);
    if (auto done = finish(); !done) return fail(done);
    AppliedChange applied{head_.id, head_.revision, {}};
    for (const LoggedLeaf& leaf : logged_) applied.logged.push_back(leaf.place);
    return applied;
  }

  Result<void> operator()(const PutVersion& op);
  Result<void> operator()(const RemoveVersion& op);
  Result<void> operator()(const UpdateVersion& op);
  Result<void> operator()(const ReplaceVersion& op);
  Result<void> operator()(const SetStanding& op) {
    rewritten_ = true;
    return db_.run("UPDATE versions SET standing = ? WHERE package = ? AND version = ?",
                   op.standing, head_.id, op.version);
  }
  Result<void> operator()(const SetTransfer& op);
  Result<void> operator()(const SetTag& op) {
    return db_.run(
        "INSERT INTO tags (package, tag, version) VALUES (?, ?, ?)"
        " ON CONFLICT (package, tag) DO UPDATE SET version = excluded.version",
        head_.id, op.tag, op.version);
  }
  Result<void> operator()(const RemoveTag& op) {
    return db_.run("DELETE FROM tags WHERE package = ? AND tag = ?", head_.id, op.tag);
  }
  Result<void> operator()(const SetOwners& op);
  Result<void> operator()(const SetVisibility& op) {
    head_.visibility = op.visibility;
    ++head_.policy_revision;
    index_again_ = true;
    return {};
  }
  Result<void> operator()(const SetStar& op) {
    return op.starred
               ? db_.run("INSERT OR IGNORE INTO stars (package, user) VALUES (?, ?)", head_.id,
                         op.user)
               : db_.run("DELETE FROM stars WHERE package = ? AND user = ?", head_.id, op.user);
  }
  Result<void> operator()(const RemoveAllVersions&);
  Result<void> operator()(const PutSearchEntry& op) {
    entry_ = &op.entry;
    return {};
  }
  Result<void> operator()(const SetFindings& op);
  Result<void> operator()(const RenamePackage& op) {
    name_ = op.name;
    rewritten_ = index_again_ = true;
    return db_.run("UPDATE packages SET name = ? WHERE id = ?", op.name, head_.id);
  }

 private:
  Result<void> create();
  Result<std::int64_t> next_id();
  Result<std::int64_t> id_of(const std::string& version);
  Result<void> bury(std::int64_t first, std::int64_t last);  // leaves tombstones
  Result<void> remove_texts(std::int64_t first, std::int64_t last);
  Result<void> finish();
  Result<void> settle_search();

  Connection& db_;
  const PackageChange& change_;
  std::string name_;
  PackageHead head_;
  VersionIds ids_;
  LogEnds ends_;
  std::optional<std::int64_t> newest_;           // id of the last version; 0: none
  std::map<std::string, std::int64_t> put_ids_;  // of versions put by this change
  std::vector<LoggedLeaf> logged_;               // of change_.log
  const SearchEntry* entry_ = nullptr;           // the last one put
  bool removed_ = false, rewritten_ = false, index_again_ = false, judged_ = false;
};

Result<void> ChangeWriter::create() {
  const CreatePackage& create = *change_.create;
  const auto collision_key =
      create.collision_key.empty() ? std::nullopt : std::optional(create.collision_key);
  const auto newest = db_.number("SELECT max(id) FROM packages");
  if (!newest) return std::unexpected(newest.error());
  head_.id = PackageId(newest->value_or(0) + 1);
  auto made = db_.run(
      "INSERT INTO packages (id, format, name, collision_key, visibility, revision, "
      "policy_revision,"
      " created, modified, downloads) VALUES (?, ?, ?, ?, ?, 0, 1, ?, ?, 0)",
      head_.id, change_.key.format, change_.key.name, collision_key, create.visibility, change_.at,
      change_.at);
  if (!made) return made;
  head_.policy_revision = 1;
  ids_ = VersionIds(head_.id);
  if (!create.claimed_scope.empty())
    made = db_.run(
        "INSERT INTO scopes (format, scope, owner, claimed) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (format, scope) DO UPDATE SET owner = excluded.owner",
        change_.key.format, create.claimed_scope, create.owner, change_.at);
  if (!made) return made;
  return db_.run("INSERT INTO owners (package, user, role, joined) VALUES (?, ?, ?, 0)", head_.id,
                 create.owner, OwnerRole::maintainer);
}

Result<std::int64_t> ChangeWriter::next_id() {
  if (change_.create && !newest_) newest_ = 0;
  if (!newest_) {
    const auto newest =
        db_.number("SELECT max(id) FROM versions WHERE id BETWEEN ? AND ?", ids_.first, ids_.last);
    if (!newest) return std::unexpected(newest.error());
    newest_ = newest->value_or(0);  // max() of no rows is null, which reads as 0
  }
  newest_ = *newest_ ? *newest_ + 1 : ids_.first;
  if (*newest_ > ids_.last)
    return fail(Code::storage_failed, {}, "a package has too many versions");
  return *newest_;
}

Result<std::int64_t> ChangeWriter::id_of(const std::string& version) {
  if (const auto put = put_ids_.find(version); put != put_ids_.end()) return put->second;
  const auto id =
      db_.number("SELECT id FROM versions WHERE package = ? AND version = ?", head_.id, version);
  if (!id) return std::unexpected(id.error());
  if (!*id) return fail(Code::version_not_found);
  return **id;
}

Result<void> ChangeWriter::operator()(const PutVersion& op) {
  const VersionRecord& record = op.record;
  const auto next = next_id();
  if (!next) return std::unexpected(next.error());
  const std::int64_t id = put_ids_[record.version] = *next;
  const PublishLeaf leaf = find_publish_leaf(change_.log, logged_, record.version);
  const auto logged = leaf.place.transform(LeafIds::id_of);
  auto done = db_.run(
      "INSERT INTO versions (id, package, version, published, publisher, file_name, size, sha1,"
      " sha256, sha512, deprecated, logged, standing, lacks_signature)"
      " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      id, head_.id, record.version, record.published, record.publisher, record.file_name,
      record.archive.size, record.archive.sha1, record.archive.sha256, record.archive.sha512,
      record.deprecated, logged, record.standing, record.lacks_signature);
  const auto insert_text = [&](const char* sql, const std::string& fragment) {
    if (done) done = db_.run(sql, id, with_place(fragment, leaf.text));
  };
  insert_text("INSERT INTO manifests VALUES (?, ?)", record.manifest);
  insert_text("INSERT INTO abbreviated VALUES (?, ?)", record.abbreviated);
  if (done && !record.readme.empty())
    done = db_.run("INSERT INTO readmes VALUES (?, ?)", id, record.readme);
  std::int64_t place = 0;
  for (const auto& [predicate_type, bundle] : op.attestations)
    if (done)
      done = db_.run("INSERT INTO attestations VALUES (?, ?, ?, ?)", id, place++, predicate_type,
                     bundle);
  return done;
}

Result<void> ChangeWriter::bury(std::int64_t first, std::int64_t last) {
  return db_.run(
      "INSERT INTO tombstones (package, version, removed, logged)"
      " SELECT package, version, ?, logged FROM versions WHERE id BETWEEN ? AND ?",
      change_.at, first, last);
}

Result<void> ChangeWriter::remove_texts(std::int64_t first, std::int64_t last) {
  auto done = db_.run("DELETE FROM manifests WHERE id BETWEEN ? AND ?", first, last);
  if (done) done = db_.run("DELETE FROM abbreviated WHERE id BETWEEN ? AND ?", first, last);
  if (done) done = db_.run("DELETE FROM readmes WHERE id BETWEEN ? AND ?", first, last);
  if (done) done = db_.run("DELETE FROM attestations WHERE version BETWEEN ? AND ?", first, last);
  if (done) done = db_.run("DELETE FROM versions WHERE id BETWEEN ? AND ?", first, last);
  removed_ = rewritten_ = true;
  return done;
}

Result<void> ChangeWriter::operator()(const RemoveVersion& op) {
  const auto id = id_of(op.version);
  if (!id) return std::unexpected(id.error());
  auto done = bury(*id, *id);
  if (done) done = remove_texts(*id, *id);
  if (done)
    done = db_.run("DELETE FROM tags WHERE package = ? AND version = ?", head_.id, op.version);
  return done;
}

Result<void> ChangeWriter::operator()(const RemoveAllVersions&) {
  auto done = bury(ids_.first, ids_.last);
  if (done) done = remove_texts(ids_.first, ids_.last);
  if (done) done = db_.run("DELETE FROM tags WHERE package = ?", head_.id);
  return done;
}

Result<void> ChangeWriter::operator()(const UpdateVersion& op) {
  const auto id = id_of(op.version);
  if (!id) return std::unexpected(id.error());
  auto done = db_.run("UPDATE versions SET deprecated = ? WHERE id = ?", op.deprecated, *id);
  if (done) done = db_.run("UPDATE manifests SET fragment = ? WHERE id = ?", op.manifest, *id);
  if (done) done = db_.run("UPDATE abbreviated SET fragment = ? WHERE id = ?", op.abbreviated, *id);
  if (done && op.is_signed)
    done = db_.run("UPDATE versions SET lacks_signature = 0 WHERE id = ?", *id);
  if (const auto leaf = find_publish_leaf(change_.log, logged_, op.version); done && leaf.place)
    done = db_.run("UPDATE versions SET logged = ? WHERE id = ?", LeafIds::id_of(*leaf.place), *id);
  rewritten_ = true;
  return done;
}

Result<void> ChangeWriter::operator()(const ReplaceVersion& op) {
  const VersionRecord& record = op.record;
  const auto id = id_of(record.version);
  if (!id) return std::unexpected(id.error());
  auto done = db_.run(
      "INSERT INTO replaced_versions (package, version, replaced, size, sha256, logged)"
      " SELECT package, version, ?, size, sha256, logged FROM versions WHERE id = ?",
      change_.at, *id);
  const PublishLeaf leaf = find_publish_leaf(change_.log, logged_, record.version);
  if (done)
    done = db_.run(
        "UPDATE versions SET published = ?, publisher = ?, size = ?, sha1 = ?, sha256 = ?,"
        " sha512 = ?, deprecated = ?, logged = ? WHERE id = ?",
        record.published, record.publisher, record.archive.size, record.archive.sha1,
        record.archive.sha256, record.archive.sha512, record.deprecated,
        leaf.place.transform(LeafIds::id_of), *id);
  if (done)
    done = db_.run("UPDATE manifests SET fragment = ? WHERE id = ?",
                   with_place(record.manifest, leaf.text), *id);
  if (done)
    done = db_.run("UPDATE abbreviated SET fragment = ? WHERE id = ?",
                   with_place(record.abbreviated, leaf.text), *id);
  if (done) done = db_.run("DELETE FROM readmes WHERE id = ?", *id);
  if (done && !record.readme.empty())
    done = db_.run("INSERT INTO readmes VALUES (?, ?)", *id, record.readme);
  rewritten_ = true;
  return done;
}

Result<void> ChangeWriter::operator()(const SetTransfer& op) {
  if (!op.transfer) return db_.run("DELETE FROM transfers WHERE package = ?", head_.id);
  const Transfer& transfer = *op.transfer;
  return db_.run(
      "INSERT OR REPLACE INTO transfers (package, id, from_user, to_user, offered, expires)"
      " VALUES (?, ?, ?, ?, ?, ?)",
      head_.id, transfer.id, transfer.from, transfer.to, transfer.offered, transfer.expires);
}

Result<void> ChangeWriter::operator()(const SetOwners& op) {
  using Role = std::pair<UserId, OwnerRole>;
  // Who was one already keeps the place in the order; the others follow as given.
  auto owners = db_.all(
      "SELECT user FROM owners WHERE package = ? ORDER BY joined",
      [](const Row& row) { return std::pair(UserId(row.integer(0)), OwnerRole::reader); },
      head_.id);
  if (!owners) return fail(owners);
  const auto role_of = [&](UserId user) {
    return std::ranges::find(op.owners, user, &Role::first);
  };
  std::erase_if(*owners,
                [&](const Role& owner) { return role_of(owner.first) == op.owners.end(); });
  for (Role& owner : *owners) owner.second = role_of(owner.first)->second;
  for (const Role& owner : op.owners)
    if (std::ranges::find(*owners, owner.first, &Role::first) == owners->end())
      owners->push_back(owner);
  auto done = db_.run("DELETE FROM owners WHERE package = ?", head_.id);
  int joined = 0;
  for (const auto& [user, role] : *owners)
    if (done)
      done = db_.run("INSERT INTO owners (package, user, role, joined) VALUES (?, ?, ?, ?)",
                     head_.id, user, role, joined++);
  ++head_.policy_revision;
  index_again_ = true;
  return done;
}

Result<void> ChangeWriter::operator()(const SetFindings& op) {
  const Json wanted(op.quarantined);
  const auto list = wanted.dump();
  const auto moves = db_.exists(
      "SELECT 1 FROM versions WHERE id BETWEEN ?1 AND ?2"
      " AND quarantined <> (version IN (SELECT value FROM json_each(?3))) LIMIT 1",
      ids_.first, ids_.last, list);
  if (!moves) return std::unexpected(moves.error());
  auto done = op.findings.empty()
                  ? db_.run("DELETE FROM findings WHERE package = ?", head_.id)
                  : db_.run("INSERT OR REPLACE INTO findings (package, text) VALUES (?, ?)",
                            head_.id, op.findings);
  if (done)
    done = db_.run("UPDATE packages SET flagged = ? WHERE id = ?", !op.findings.empty(), head_.id);
  // Also of versions that this change has put, which the question above does not see everywhere.
  if (done)
    done = db_.run(
        "UPDATE versions SET quarantined = NOT quarantined WHERE id BETWEEN ?1 AND ?2"
        " AND quarantined <> (version IN (SELECT value FROM json_each(?3)))",
        ids_.first, ids_.last, list);
  judged_ = true;
  rewritten_ = rewritten_ || *moves;
  return done;
}

Result<void> ChangeWriter::settle_search() {
  if (removed_ || judged_)
    if (auto done = drop_entry_without_versions(db_, head_.id); !done) return done;
  if (entry_) {
    const bool is_new = change_.create.has_value();
    auto again = put_search_entry(db_, head_.id, name_, *entry_, is_new);
    if (!again) return std::unexpected(again.error());
    index_again_ = index_again_ || *again;
  }
  return index_again_ ? index_package(db_, head_.id) : Result<void>();
}

Result<void> ChangeWriter::finish() {
  ++head_.revision;
  auto done = db_.run(
      "UPDATE packages SET visibility = ?2, revision = ?3, policy_revision = ?4,"
      " modified = max(modified, ?5),"
      " unpublished = CASE WHEN EXISTS (SELECT 1 FROM versions WHERE package = ?1) THEN NULL"
      " WHEN ?6 THEN ?5 ELSE unpublished END,"
      " rewritten = CASE WHEN ?7 THEN ?3 ELSE rewritten END WHERE id = ?1",
      head_.id, head_.visibility, head_.revision, head_.policy_revision, change_.at, removed_,
      rewritten_);
  if (done) done = settle_search();
  // What is known of a version that went is known no longer.
  if (done && removed_)
    done = db_.run(
        "INSERT OR IGNORE INTO advisory_scans (format, name)"
        " SELECT format, name FROM packages WHERE id = ? AND flagged = 1",
        head_.id);
  if (done) done = add_audit_rows(db_, ends_, change_.at, change_.audit);
  return done;
}

}  // namespace

Result<AppliedChange> write_change(Connection& db, const PackageChange& change, PackageHead head) {
  return ChangeWriter(db, change, head).run();
}

}  // namespace kontor::sqlite
