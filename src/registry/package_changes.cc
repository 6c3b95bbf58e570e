// Every change is: load with the permission it needs, plan the operations, apply them on exactly
// that state.
#include "registry/package_changes.h"

#include "registry/log/log_notes.h"
#include "registry/packages.h"
#include "registry/retry.h"

#include <algorithm>

namespace kontor {
namespace {

// The frame of a change on the state that was decided on.
PackageChange change_of(const Registry& registry, const PackageRecord& package) {
  return {.key = package.key,
          .at = registry.clock.now(),
          .if_revision = package.revision,
          .if_policy_revision = package.policy_revision};
}

Result<void> check_revision(const PackageRecord& package, IfRevision wanted) {
  if (wanted && *wanted != package.revision) return fail(Code::conflict);
  return {};
}

// --- tags -------------------------------------------------------------------------------------

Task<AppliedChange> try_tags(Registry& registry, const Format& format, Actor actor, PackageKey key,
                             TagChange tags) {
  const auto package = co_await load_for(registry, actor.principal, key, Action::change);
  PackageChange change = change_of(registry, package);
  LogNotes notes(actor, key, package.visibility);
  for (const auto& [tag, version] : tags.set) {
    const auto record = co_await registry.packages.find_version(package.id, version);
    if (!record)
      co_return fail(Code::version_not_found,
                     "version not found: " + key.name + "@" + version);
    if (record->quarantined)
      co_return fail(Code::quarantined, key.name + "@" + version +
                                            " is in quarantine because of a security advisory.");
    change.ops.push_back(SetTag{tag, version});
    notes.tagged(tag, version);
    if (tag == "latest") change.ops.push_back(PutSearchEntry{format.search_entry(*record)});
    change.audit.push_back(audit_entry(actor, "tag", key, version, tag));
  }
  for (const auto& tag : tags.remove) {
    if (tag == "latest")
      co_return fail(Code::invalid_tag,
                     "The tag latest cannot be removed; point it to another version instead.");
    change.ops.push_back(RemoveTag{tag});
    if (package.tags.contains(tag)) notes.tagged(tag, std::nullopt);
    change.audit.push_back(audit_entry(actor, "untag", key, {}, tag));
  }
  change.log = std::move(notes).take();
  co_return co_await registry.packages.apply(std::move(change));
}

// --- owners -----------------------------------------------------------------------------------

using Owners = std::vector<std::pair<UserId, OwnerRole>>;

Task<Owners> find_maintainers(Registry& registry, std::vector<std::string> names) {
  Owners out;
  for (const auto& name : names) {
    const auto user = co_await registry.accounts.find_user(name);
    if (!user) co_return fail(Code::bad_request, "There is no user named " + name + ".");
    const bool twice = std::ranges::any_of(out, [&](const auto& o) { return o.first == user->id; });
    if (!twice) out.emplace_back(user->id, OwnerRole::maintainer);
  }
  co_return out;
}

// Adds those who may read, unless they are among the maintainers now.
void keep_readers(Owners& owners, const PackageRecord& package) {
  for (const auto& owner : package.owners) {
    const bool there =
        std::ranges::any_of(owners, [&](const auto& o) { return o.first == owner.user; });
    if (owner.role == OwnerRole::reader && !there) owners.emplace_back(owner.user, owner.role);
  }
}

std::vector<std::string> maintainer_names(const PackageRecord& package) {
  std::vector<std::string> names;
  for (const auto& owner : package.owners)
    if (owner.role == OwnerRole::maintainer) names.push_back(owner.name);
  return names;
}

std::string joined(const std::vector<std::string>& names) {
  std::string out;
  for (const auto& name : names) out += (out.empty() ? "" : ", ") + name;
  return out;
}

// One leaf for each role that comes or goes.
std::vector<LogEvent> note_owners(const Actor& actor, const PackageRecord& package,
                                  const Owners& owners) {
  LogNotes notes(actor, package.key, package.visibility);
  for (const Owner& owner : package.owners)
    if (std::ranges::find(owners, std::pair(owner.user, owner.role)) == owners.end())
      notes.owner_removed(owner.user, owner.role);
  for (const auto& [user, role] : owners) {
    const bool had = std::ranges::any_of(package.owners, [&](const Owner& owner) {
      return owner.user == user && owner.role == role;
    });
    if (!had) notes.owner_added(user, role);
  }
  return std::move(notes).take();
}

Task<AppliedChange> apply_maintainers(Registry& registry, Actor actor, PackageRecord package,
                                      std::vector<std::string> names) {
  auto owners = co_await find_maintainers(registry, names);
  if (owners.empty())
    co_return fail(Code::bad_request, "A package keeps at least one maintainer.");
  keep_readers(owners, package);
  PackageChange change = change_of(registry, package);
  change.log = note_owners(actor, package, owners);
  change.ops.push_back(SetOwners{std::move(owners)});
  change.audit.push_back(audit_entry(actor, "owner", package.key, {}, joined(names)));
  co_return co_await registry.packages.apply(std::move(change));
}

Task<AppliedChange> try_set_maintainers(Registry& registry, Actor actor, PackageKey key,
                                        std::vector<std::string> names, IfRevision if_revision) {
  auto package = co_await load_for(registry, actor.principal, key, Action::manage);
  co_await check_revision(package, if_revision);
  co_return co_await apply_maintainers(registry, actor, std::move(package), std::move(names));
}

enum class Membership { joins, leaves };

Task<AppliedChange> try_membership(Registry& registry, Actor actor, PackageKey key,
                                   std::string name, Membership membership) {
  auto package = co_await load_for(registry, actor.principal, key, Action::manage);
  auto names = maintainer_names(package);
  std::erase(names, name);
  if (membership == Membership::joins) names.push_back(name);
  if (names == maintainer_names(package)) co_return AppliedChange{package.id, package.revision};
  co_return co_await apply_maintainers(registry, actor, std::move(package), std::move(names));
}

// --- visibility and stars ---------------------------------------------------------------------

Task<AppliedChange> try_visibility(Registry& registry, Actor actor, PackageKey key,
                                   Visibility visibility) {
  const auto package = co_await load_for(registry, actor.principal, key, Action::manage);
  if (package.visibility == visibility) co_return AppliedChange{package.id, package.revision};
  PackageChange change = change_of(registry, package);
  // The log everybody reads says when a package comes into sight and when it goes.
  LogNotes notes(actor, key, Visibility::open);
  notes.became(package.visibility, visibility);
  change.log = std::move(notes).take();
  change.ops.push_back(SetVisibility{visibility});
  change.audit.push_back(audit_entry(
      actor, "access", key, {}, visibility == Visibility::open ? "public" : "restricted"));
  co_return co_await registry.packages.apply(std::move(change));
}

Task<AppliedChange> try_star(Registry& registry, Actor actor, PackageKey key, Star star,
                             IfRevision if_revision) {
  const auto package = co_await load_for(registry, actor.principal, key, Action::star);
  co_await check_revision(package, if_revision);
  const bool starred = std::ranges::find(package.stars, actor.principal.name) !=
                       package.stars.end();
  if (starred == (star == Star::set)) co_return AppliedChange{package.id, package.revision};
  PackageChange change = change_of(registry, package);
  change.ops.push_back(SetStar{*actor.principal.user, star == Star::set});
  co_return co_await registry.packages.apply(std::move(change));
}

// --- deprecation ------------------------------------------------------------------------------

Task<AppliedChange> try_deprecate(Registry& registry, const Format& format, Actor actor,
                                  PackageKey key, std::map<std::string, std::string> texts,
                                  IfRevision if_revision) {
  const auto package = co_await load_for(registry, actor.principal, key, Action::change);
  co_await check_revision(package, if_revision);
  const auto latest = package.tags.find("latest");
  PackageChange change = change_of(registry, package);
  LogNotes notes(actor, key, package.visibility);
  for (const auto& [version, text] : texts) {
    auto record = co_await registry.packages.find_version(package.id, version);
    if (!record) co_return fail(Code::version_not_found, "version not found: " + version);
    record->manifest = format.with_deprecation(record->manifest, text);
    record->abbreviated = format.with_deprecation(record->abbreviated, text);
    record->deprecated = text;
    change.ops.push_back(UpdateVersion{version, record->manifest, record->abbreviated, text});
    notes.deprecated(version, text);
    if (latest != package.tags.end() && latest->second == version)
      change.ops.push_back(PutSearchEntry{format.search_entry(*record)});
    change.audit.push_back(
        audit_entry(actor, text.empty() ? "undeprecate" : "deprecate", key, version, text));
  }
  change.log = std::move(notes).take();
  co_return co_await registry.packages.apply(std::move(change));
}

}  // namespace

Task<AppliedChange> change_tags(Registry& registry, const Format& format, Actor actor,
                                PackageKey key, TagChange tags) {
  return retry_on_conflict([&registry, &format, actor, key, tags] {
    return try_tags(registry, format, actor, key, tags);
  });
}

Task<AppliedChange> set_maintainers(Registry& registry, Actor actor, PackageKey key,
                                    std::vector<std::string> names, IfRevision if_revision) {
  if (if_revision) return try_set_maintainers(registry, actor, key, names, if_revision);
  return retry_on_conflict([&registry, actor, key, names] {
    return try_set_maintainers(registry, actor, key, names, std::nullopt);
  });
}

Task<AppliedChange> add_maintainer(Registry& registry, Actor actor, PackageKey key,
                                   std::string name) {
  return retry_on_conflict([&registry, actor, key, name] {
    return try_membership(registry, actor, key, name, Membership::joins);
  });
}

Task<AppliedChange> remove_maintainer(Registry& registry, Actor actor, PackageKey key,
                                      std::string name) {
  return retry_on_conflict([&registry, actor, key, name] {
    return try_membership(registry, actor, key, name, Membership::leaves);
  });
}

Task<AppliedChange> set_visibility(Registry& registry, Actor actor, PackageKey key,
                                   Visibility visibility) {
  return retry_on_conflict([&registry, actor, key, visibility] {
    return try_visibility(registry, actor, key, visibility);
  });
}

Task<AppliedChange> star(Registry& registry, Actor actor, PackageKey key, Star star,
                         IfRevision if_revision) {
  if (if_revision) return try_star(registry, actor, key, star, if_revision);
  return retry_on_conflict([&registry, actor, key, star] {
    return try_star(registry, actor, key, star, std::nullopt);
  });
}

Task<AppliedChange> deprecate(Registry& registry, const Format& format, Actor actor,
                              PackageKey key, std::map<std::string, std::string> texts,
                              IfRevision if_revision) {
  if (if_revision) return try_deprecate(registry, format, actor, key, texts, if_revision);
  return retry_on_conflict([&registry, &format, actor, key, texts] {
    return try_deprecate(registry, format, actor, key, texts, std::nullopt);
  });
}

}  // namespace kontor
