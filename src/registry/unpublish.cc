// The window is judged first, then where `latest` goes; the store does the rest in one change.
#include "registry/unpublish.h"

#include "registry/log/log_notes.h"
#include "registry/packages.h"
#include "registry/retry.h"

#include <algorithm>

namespace kontor {
namespace {

Result<void> check_window(const Registry& registry, const Actor& actor,
                          const std::vector<VersionFragment>& versions,
                          const std::set<std::string>& removed) {
  const auto hours_allowed = registry.settings->publish.unpublish_max_age_hours;
  if (actor.principal.is_admin || hours_allowed < 0) return {};
  const auto oldest = registry.clock.now() - hours(hours_allowed);
  for (const auto& version : versions)
    if (removed.contains(version.version) && (hours_allowed == 0 || version.published < oldest))
      return fail(Code::unpublish_refused,
                  "Version " + version.version + " can no longer be unpublished" +
                      (hours_allowed == 0 ? std::string()
                                          : " (" + std::to_string(hours_allowed) + " hours)") +
                      "; deprecate it instead or ask an administrator.");
  return {};
}

struct Removal {
  PackageRecord package;
  std::set<std::string> removed;
  std::vector<std::string> remaining;
  bool keeps_quarantined = false;  // versions that are not served stay
};

// Tags first: no tag may name a version that is gone.
Task<std::vector<PackageOp>> removal_ops(Registry& registry, const Format& format,
                                         Removal removal) {
  std::vector<PackageOp> ops;
  if (removal.remaining.empty() && !removal.keeps_quarantined) {
    ops.push_back(RemoveAllVersions{});
    co_return ops;
  }
  for (const auto& [tag, version] : removal.package.tags) {
    if (!removal.removed.contains(version)) continue;
    if (tag != "latest" || removal.remaining.empty()) {
      ops.push_back(RemoveTag{tag});
      continue;
    }
    const auto successor = highest_version(format, removal.remaining);
    const auto record = co_await registry.packages.find_version(removal.package.id, successor);
    if (!record) co_return fail(Code::conflict);
    ops.push_back(SetTag{tag, successor});
    ops.push_back(PutSearchEntry{format.search_entry(*record)});
  }
  for (const auto& version : removal.removed) ops.push_back(RemoveVersion{version});
  co_return ops;
}

// What was withdrawn, and where the tags went that named it.
std::vector<LogEvent> note_removal(const Actor& actor, const PackageRecord& package,
                                   const std::set<std::string>& removed,
                                   const std::vector<PackageOp>& ops) {
  LogNotes notes(actor, package.key, package.visibility);
  for (const auto& version : removed) notes.withdrawn(version, "unpublished");
  for (const PackageOp& op : ops) {
    if (const auto* set = std::get_if<SetTag>(&op)) notes.tagged(set->tag, set->version);
    if (const auto* gone = std::get_if<RemoveTag>(&op)) notes.tagged(gone->tag, std::nullopt);
    if (!std::holds_alternative<RemoveAllVersions>(op)) continue;
    for (const auto& [tag, version] : package.tags) notes.tagged(tag, std::nullopt);
  }
  return std::move(notes).take();
}

Removal plan_removal(PackageRecord package, const std::vector<VersionFragment>& versions,
                     std::set<std::string> removed, bool keeps_quarantined) {
  Removal out{std::move(package), std::move(removed), {}, keeps_quarantined};
  for (const auto& version : versions)
    if (!out.removed.contains(version.version)) out.remaining.push_back(version.version);
  return out;
}

// Evidence that owners cannot remove.
Task<std::set<std::string>> quarantined_versions(Registry& registry, PackageRecord package) {
  std::set<std::string> out;
  if (!package.flagged) co_return out;
  for (auto& state : co_await registry.packages.versions(package.id))
    if (state.quarantined) out.insert(std::move(state.version));
  co_return out;
}

// Nothing for `wanted`: all versions.
Task<AppliedChange> try_unpublish(Registry& registry, const Format& format, Actor actor,
                                  PackageKey key, std::optional<std::set<std::string>> wanted,
                                  IfRevision if_revision) {
  const auto package = co_await load_for(registry, actor.principal, key, Action::unpublish);
  if (if_revision && *if_revision != package.revision) co_return fail(Code::conflict);
  const auto versions = co_await registry.packages.fragments(package.id, FragmentKind::abbreviated);
  std::set<std::string> existing;
  for (const auto& version : versions) existing.insert(version.version);
  const auto hidden = co_await quarantined_versions(registry, package);
  if (actor.principal.is_admin) existing.insert(hidden.begin(), hidden.end());
  const auto removed = wanted.value_or(existing);
  if (!actor.principal.is_admin)
    for (const auto& version : hidden)
      if (!wanted || removed.contains(version))
        co_return fail(
            Code::unpublish_refused,
            "Version " + version + " is in quarantine; only an administrator can remove it.");
  for (const auto& version : removed)
    if (!existing.contains(version))
      co_return fail(Code::version_not_found, "version not found: " + version);
  if (removed.empty()) co_return fail(Code::not_found);
  co_await check_window(registry, actor, versions, removed);

  PackageChange change{.key = key,
                       .at = registry.clock.now(),
                       .if_revision = package.revision,
                       .if_policy_revision = package.policy_revision};
  const bool keeps_quarantined = !std::ranges::includes(removed, hidden);
  change.ops = co_await removal_ops(registry, format,
                                    plan_removal(package, versions, removed, keeps_quarantined));
  change.log = note_removal(actor, package, removed, change.ops);
  for (const auto& version : removed)
    change.audit.push_back(audit_entry(actor, "unpublish", key, version));
  co_return co_await registry.packages.apply(std::move(change));
}

Task<AppliedChange> unpublish(Registry& registry, const Format& format, Actor actor, PackageKey key,
                              std::optional<std::set<std::string>> wanted, IfRevision if_revision) {
  if (if_revision) return try_unpublish(registry, format, actor, key, wanted, if_revision);
  return retry_on_conflict([&registry, &format, actor, key, wanted] {
    return try_unpublish(registry, format, actor, key, wanted, std::nullopt);
  });
}

}  // namespace

Task<AppliedChange> unpublish_versions(Registry& registry, const Format& format, Actor actor,
                                       PackageKey key, std::set<std::string> versions,
                                       IfRevision if_revision) {
  return unpublish(registry, format, std::move(actor), std::move(key), std::move(versions),
                   if_revision);
}

Task<AppliedChange> unpublish_package(Registry& registry, const Format& format, Actor actor,
                                      PackageKey key, IfRevision if_revision) {
  return unpublish(registry, format, std::move(actor), std::move(key), std::nullopt, if_revision);
}

}  // namespace kontor
