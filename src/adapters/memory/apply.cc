// One atomic change: preconditions, then the operations on a copy of the package, then the copy
// takes the original's place.
#include "adapters/memory/log_store.h"
#include "adapters/memory/package_store.h"

#include <algorithm>

namespace kontor::memory {
namespace {

// Applies operations to a copy of the package; the first failure ends the change.
struct Changer {
  const Database& database;
  PackageRow& row;
  const PackageChange& change;
  const std::vector<LoggedLeaf>& leaves;  // of change.log
  bool removed = false;
  bool rewritten = false;
  bool judged = false;

  void bury(const VersionRecord& version) { row.tombstones[version.version] = version.logged; }

  Result<void> operator()(const PutVersion& op) {
    const VersionRecord& record = op.record;
    if (row.tombstones.contains(record.version)) return fail(Code::version_tombstoned);
    for (const auto& version : row.versions)
      if (version->version == record.version || version->file_name == record.file_name)
        return fail(Code::version_exists);
    VersionRecord stored = record;
    const PublishLeaf leaf = find_publish_leaf(change.log, leaves, record.version);
    stored.logged = leaf.place;
    stored.manifest = with_place(std::move(stored.manifest), leaf.text);
    stored.abbreviated = with_place(std::move(stored.abbreviated), leaf.text);
    row.versions.push_back(std::make_shared<const VersionRecord>(std::move(stored)));
    if (!op.attestations.empty()) row.attestations[record.version] = op.attestations;
    return {};
  }
  Result<void> operator()(const RemoveVersion& op) {
    const auto* found = row.find_version(op.version);
    if (!found) return fail(Code::version_not_found);
    bury(**found);
    std::erase_if(row.versions,
                  [&](const auto& version) { return version->version == op.version; });
    std::erase_if(row.tags, [&](const auto& tag) { return tag.second == op.version; });
    row.attestations.erase(op.version);
    removed = rewritten = true;
    return {};
  }
  Result<void> operator()(const UpdateVersion& op) {
    rewritten = true;
    for (auto& version : row.versions) {
      if (version->version != op.version) continue;
      VersionRecord changed = *version;
      changed.manifest = op.manifest;
      changed.abbreviated = op.abbreviated;
      changed.deprecated = op.deprecated;
      if (op.is_signed) changed.lacks_signature = false;
      if (const auto leaf = find_publish_leaf(change.log, leaves, op.version); leaf.place)
        changed.logged = leaf.place;
      version = std::make_shared<const VersionRecord>(std::move(changed));
      return {};
    }
    return fail(Code::version_not_found);
  }
  Result<void> operator()(const ReplaceVersion& op) {
    rewritten = true;
    for (auto& version : row.versions) {
      if (version->version != op.record.version) continue;
      row.replaced.push_back(version->archive.sha256);
      VersionRecord stored = op.record;
      const PublishLeaf leaf = find_publish_leaf(change.log, leaves, stored.version);
      stored.logged = leaf.place;
      stored.manifest = with_place(std::move(stored.manifest), leaf.text);
      stored.abbreviated = with_place(std::move(stored.abbreviated), leaf.text);
      stored.quarantined = version->quarantined;
      stored.standing = version->standing;
      version = std::make_shared<const VersionRecord>(std::move(stored));
      return {};
    }
    return fail(Code::version_not_found);
  }
  Result<void> operator()(const SetStanding& op) {
    rewritten = true;
    for (auto& version : row.versions) {
      if (version->version != op.version) continue;
      VersionRecord changed = *version;
      changed.standing = op.standing;
      version = std::make_shared<const VersionRecord>(std::move(changed));
      return {};
    }
    return fail(Code::version_not_found);
  }
  Result<void> operator()(const SetTransfer& op) {
    if (op.transfer &&
        (!database.users.contains(op.transfer->from) || !database.users.contains(op.transfer->to)))
      return fail(Code::conflict, "The user is gone.");
    row.transfer = op.transfer;
    return {};
  }
  Result<void> operator()(const SetTag& op) {
    row.tags[op.tag] = op.version;
    return {};
  }
  Result<void> operator()(const RemoveTag& op) {
    row.tags.erase(op.tag);
    return {};
  }
  Result<void> operator()(const SetOwners& op) {
    if (op.owners.empty()) return fail(Code::bad_request, "A package keeps at least one owner.");
    std::vector<std::pair<UserId, OwnerRole>> kept, joined;
    for (const auto& owner : op.owners) {
      if (!database.users.contains(owner.first)) return fail(Code::conflict, "An owner is gone.");
      (row.find_owner(owner.first) ? kept : joined).push_back(owner);
    }
    const auto place = [&](const auto& owner) { return row.find_owner(owner.first); };
    std::ranges::sort(kept, {}, place);
    kept.insert(kept.end(), joined.begin(), joined.end());
    row.owners = std::move(kept);
    ++row.policy_revision;
    return {};
  }
  Result<void> operator()(const SetVisibility& op) {
    row.visibility = op.visibility;
    ++row.policy_revision;
    return {};
  }
  Result<void> operator()(const SetStar& op) {
    if (!op.starred) {
      row.stars.erase(op.user);
      return {};
    }
    if (!database.users.contains(op.user)) return fail(Code::conflict, "The user is gone.");
    row.stars.insert(op.user);
    return {};
  }
  Result<void> operator()(const RemoveAllVersions&) {
    for (const auto& version : row.versions) bury(*version);
    row.versions.clear();
    row.tags.clear();
    row.attestations.clear();
    row.entry.reset();
    removed = rewritten = true;
    return {};
  }
  Result<void> operator()(const PutSearchEntry& op) {
    row.entry = StoredEntry{op.entry, {}};
    return {};
  }
  Result<void> operator()(const RenamePackage& op) {
    const PackageKey renamed{row.key.format, op.name};
    if (renamed != change.key && database.packages.contains(renamed))
      return fail(Code::conflict, "There is a package " + op.name + " already.");
    row.key = renamed;
    rewritten = true;
    return {};
  }
  Result<void> operator()(const SetFindings& op) {
    row.findings = op.findings;
    judged = true;
    for (auto& version : row.versions) {
      VersionRecord changed = *version;
      changed.quarantined =
          std::ranges::find(op.quarantined, version->version) != op.quarantined.end();
      if (changed.quarantined == version->quarantined) continue;
      rewritten = true;
      version = std::make_shared<const VersionRecord>(std::move(changed));
    }
    return {};
  }
};

// What must hold when all operations are done: tags and the search entry name existing versions.
struct LastLook {
  PackageRow& row;

  Result<void> operator()(const SetTag& op) {
    if (!row.find_version(op.version)) return fail(Code::version_not_found);
    return {};
  }
  Result<void> operator()(const PutSearchEntry& op) {
    const auto* version = row.find_version(op.entry.version);
    if (!version) return fail(Code::version_not_found);
    if (row.entry) row.entry->published = (*version)->published;
    return {};
  }
  Result<void> operator()(const SetFindings& op) {
    for (const auto& version : op.quarantined)
      if (!row.find_version(version)) return fail(Code::version_not_found);
    return {};
  }
  template <class Op>
  Result<void> operator()(const Op&) {
    return {};
  }
};

Result<PackageRow> create_row(const Database& database, const PackageChange& change) {
  const CreatePackage& create = *change.create;
  if (database.packages.contains(change.key))
    return fail(Code::conflict, "The package exists already.");
  for (const auto& [key, row] : database.packages)
    if (key.format == change.key.format && !create.collision_key.empty() &&
        row.collision_key == create.collision_key)
      return fail(Code::conflict, "The name is too similar to " + key.name + ".");
  if (!database.users.contains(create.owner)) return fail(Code::conflict, "The owner is gone.");
  const auto claim = database.scopes.find({change.key.format, create.claimed_scope});
  if (claim != database.scopes.end() && claim->second != create.owner &&
      database.users.contains(claim->second))
    return fail(Code::conflict, "The scope is somebody else's.");
  PackageRow row;
  row.id = PackageId(database.last_package + 1);
  row.key = change.key;
  row.collision_key = create.collision_key;
  row.visibility = create.visibility;
  row.policy_revision = 1;
  row.created = row.modified = change.at;
  row.owners = {{create.owner, OwnerRole::maintainer}};
  return row;
}

Result<PackageRow> load_row(const Database& database, const PackageChange& change) {
  if (change.create) return create_row(database, change);
  const auto it = database.packages.find(change.key);
  if (it == database.packages.end()) return fail(Code::not_found);
  const PackageRow& row = it->second;
  if (change.if_revision && *change.if_revision != row.revision) return fail(Code::conflict);
  if (change.if_policy_revision && *change.if_policy_revision != row.policy_revision)
    return fail(Code::conflict);
  if (!change.if_tagged.empty() && !row.tags.contains(change.if_tagged))
    return fail(Code::conflict);
  return row;
}

Result<void> check_advisories(const Database& database, const PackageChange& change) {
  if (!change.if_advisories) return {};
  const auto found =
      database.advisory_marks.find({change.if_advisories->ecosystem, change.key.name});
  const auto mark = found == database.advisory_marks.end() ? 0 : found->second;
  if (mark != change.if_advisories->mark) return fail(Code::conflict);
  return {};
}

Result<void> run_ops(const Database& database, const PackageChange& change,
                     const std::vector<LoggedLeaf>& leaves, PackageRow& row) {
  Changer changer{database, row, change, leaves};
  for (const PackageOp& op : change.ops)
    if (auto done = std::visit(changer, op); !done) return fail(done);
  for (const PackageOp& op : change.ops)
    if (auto done = std::visit(LastLook{row}, op); !done) return fail(done);
  if (changer.rewritten) row.rewritten = row.revision + 1;
  if (!row.versions.empty()) {
    row.unpublished.reset();
  } else if (changer.removed) {
    row.unpublished = change.at;
  }
  const bool any_served =
      std::ranges::any_of(row.versions, [](const auto& version) { return !version->quarantined; });
  if ((changer.removed || changer.judged) && !any_served) row.entry.reset();
  return {};
}

// What is kept under the name of a package.
void move_rows(Database& database, const PackageKey& from, const PackageKey& to) {
  database.packages.erase(from);
  std::vector<Day> days;
  for (const auto& [place, counts] : database.downloads)
    if (place.first == from) days.push_back(place.second);
  for (const Day day : days) {
    auto node = database.downloads.extract({from, day});
    node.key().first = to;
    database.downloads.insert(std::move(node));
  }
  for (auto& record : database.download_records)
    if (record.key == from) record.key = to;
}

bool removes_versions(const PackageChange& change) {
  return std::ranges::any_of(change.ops, [](const PackageOp& op) {
    return std::holds_alternative<RemoveVersion>(op) ||
           std::holds_alternative<RemoveAllVersions>(op);
  });
}

}  // namespace

Result<AppliedChange> apply_change(Database& database, const PackageChange& change) {
  auto row = load_row(database, change);
  if (!row) return fail(row);
  if (auto same = check_advisories(database, change); !same) return fail(same);
  auto leaves = make_leaves(database, change.at, &*row, change.log);
  if (!leaves) return fail(leaves);
  std::vector<LoggedLeaf> logged;
  for (const NewLeaf& leaf : *leaves) logged.push_back(leaf.logged);
  if (auto done = run_ops(database, change, logged, *row); !done) return fail(done);
  ++row->revision;
  row->modified = std::max(row->modified, change.at);

  const AppliedChange applied{row->id, row->revision, append_leaves(database, std::move(*leaves))};
  if (change.create) {
    database.last_package = row->id.value;
    if (!change.create->claimed_scope.empty())
      database.scopes[{change.key.format, change.create->claimed_scope}] = change.create->owner;
  }
  const PackageKey key = row->key;
  if (key != change.key) move_rows(database, change.key, key);
  database.package_keys[row->id] = key;
  // What is known of a version that went is known no longer.
  if (!row->findings.empty() && removes_versions(change)) database.waiting_scans.insert(key);
  database.packages.insert_or_assign(key, std::move(*row));
  append_audit(database, change.at, change.audit);
  return applied;
}

}  // namespace kontor::memory
