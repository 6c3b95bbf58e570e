// Load with permission, look whether anything changes, move `latest`, apply on exactly that state.
#include "registry/standing.h"

#include "registry/log/log_notes.h"
#include "registry/packages.h"
#include "registry/retry.h"

namespace kontor {
namespace {

// A version with its package, as the caller may change it.
struct Found {
  PackageRecord package;
  VersionRecord version;
};

Task<Found> load_version(Registry& registry, Actor actor, VersionName what, Action action) {
  auto package = co_await load_for(registry, actor.principal, what.key, action);
  auto version = co_await registry.packages.find_version(package.id, what.version);
  if (!version)
    co_return fail(Code::version_not_found,
                   "There is no version " + what.version + " of " + what.key.name + ".");
  co_return Found{std::move(package), std::move(*version)};
}

// Where `latest` goes once `version` stands so; nothing where it stays.
Task<std::optional<std::string>> next_latest(Registry& registry, const Format& format,
                                             PackageRecord package, std::string version,
                                             Standing standing) {
  const auto fragments =
      co_await registry.packages.fragments(package.id, FragmentKind::abbreviated);
  std::vector<std::string> listed;
  for (const auto& one : fragments) {
    const Standing its = one.version == version ? standing : one.standing;
    if (its == Standing::listed) listed.push_back(one.version);
  }
  const auto now = package.tags.find("latest");
  auto best = highest_version(format, listed);
  if (best.empty() || (now != package.tags.end() && now->second == best)) co_return std::nullopt;
  co_return std::optional(std::move(best));
}

struct Wish {
  VersionName what;
  Standing standing;
  std::string action;  // for the audit trail
  std::string detail;
};

Task<PackageChange> change_for(Registry& registry, const Format& format, Actor actor, Found found,
                               Wish wish) {
  PackageChange change{.key = wish.what.key,
                       .at = registry.clock.now(),
                       .if_revision = found.package.revision,
                       .if_policy_revision = found.package.policy_revision};
  LogNotes notes(actor, wish.what.key, found.package.visibility);
  if (wish.standing == Standing::yanked)
    notes.yanked(wish.what.version);
  else if (wish.standing == Standing::listed)
    notes.unyanked(wish.what.version);
  else
    notes.withdrawn(wish.what.version, wish.standing == Standing::erased ? "legal" : "emergency");
  change.ops.push_back(SetStanding{wish.what.version, wish.standing});
  const auto latest =
      co_await next_latest(registry, format, found.package, wish.what.version, wish.standing);
  if (latest) {
    const auto record = co_await registry.packages.find_version(found.package.id, *latest);
    if (!record) co_return fail(Code::conflict);
    change.ops.push_back(SetTag{"latest", *latest});
    change.ops.push_back(PutSearchEntry{format.search_entry(*record)});
    notes.tagged("latest", *latest);
  }
  change.log = std::move(notes).take();
  change.audit.push_back(
      audit_entry(actor, wish.action, wish.what.key, wish.what.version, wish.detail));
  co_return change;
}

Task<> try_yank(Registry& registry, const Format& format, Actor actor, Wish wish) {
  auto found = co_await load_version(registry, actor, wish.what, Action::change);
  if (!is_served(found.version.standing)) co_return fail(Code::version_removed);
  if (found.version.standing == wish.standing) co_return {};
  auto change = co_await change_for(registry, format, actor, std::move(found), std::move(wish));
  co_await registry.packages.apply(std::move(change));
  co_return {};
}

Task<VersionRecord> try_remove(Registry& registry, const Format& format, Actor actor, Wish wish) {
  auto found = co_await load_version(registry, actor, wish.what, Action::change);
  VersionRecord record = found.version;
  if (record.standing >= wish.standing) co_return record;
  auto change = co_await change_for(registry, format, actor, std::move(found), std::move(wish));
  co_await registry.packages.apply(std::move(change));
  co_return record;
}

Task<> set_yanked(Registry& registry, const Format& format, Actor actor, Wish wish) {
  return retry_on_conflict(
      [&registry, &format, actor, wish] { return try_yank(registry, format, actor, wish); });
}

}  // namespace

Task<> yank(Registry& registry, const Format& format, Actor actor, VersionName what) {
  return set_yanked(registry, format, std::move(actor),
                    {std::move(what), Standing::yanked, "yank", {}});
}

Task<> unyank(Registry& registry, const Format& format, Actor actor, VersionName what) {
  return set_yanked(registry, format, std::move(actor),
                    {std::move(what), Standing::listed, "unyank", {}});
}

Task<VersionRecord> remove_version(Registry& registry, const Format& format, Actor actor,
                                   VersionName what, RemovalKind kind, std::string reason) {
  const bool legal = kind == RemovalKind::legal;
  const Wish wish{std::move(what), legal ? Standing::erased : Standing::removed, "remove",
                  std::string(legal ? "legal: " : "emergency: ") + reason};
  return retry_on_conflict(
      [&registry, &format, actor, wish] { return try_remove(registry, format, actor, wish); });
}

}  // namespace kontor
