// Publishing, step by step. The permission is decided on the same state that the commit requires
// (policy revision), so a change of owners in between cannot let a publish through.
#include "registry/publish.h"

#include "base/sha256.h"
#include "registry/advisories/scan.h"
#include "registry/log/log_notes.h"
#include "registry/rehearse.h"

#include <algorithm>
#include <set>

namespace kontor {
namespace {

constexpr int kRounds = 8;  // of load, decide and commit when others change the package meanwhile

// What the store says about the name and the version.
struct State {
  std::optional<PackageRecord> package;
  std::optional<VersionRecord> existing;
  bool tombstoned = false;
  std::optional<UserId> scope_owner;  // of a new package's scope, where formats know such
};

Task<State> load(Registry& registry, const Format& format, PublishTarget target,
                 std::string version) {
  State state;
  state.package = co_await registry.packages.find(target.key);
  if (!state.package && format.scopes == ScopeRule::first_come)
    state.scope_owner = co_await registry.packages.find_scope(target.key.format, target.scope);
  if (!state.package) co_return state;
  const PackageId id = state.package->id;
  state.existing = co_await registry.packages.find_version(id, version);
  if (!state.existing) state.tombstoned = co_await registry.packages.is_tombstoned(id, version);
  co_return state;
}

// The user whose name the scope of a new package is, unless it is the caller.
Task<std::string> scope_owner(Registry& registry, Principal who, std::string scope) {
  if (scope.empty() || scope == who.name) co_return std::string();
  const auto user = co_await registry.accounts.find_user(scope);
  co_return user ? user->name : std::string();
}

Task<> refuse_collision(Registry& registry, Principal who, PublishTarget target) {
  if (who.is_admin || !registry.settings->publish.refuse_collisions || target.collision_key.empty())
    co_return {};
  const auto similar =
      co_await registry.packages.find_collision(target.key.format, target.collision_key);
  if (!similar) co_return {};
  const auto other = co_await registry.packages.find({target.key.format, *similar});
  const bool visible =
      other && !decide(who, Action::read, {*similar, other->visibility, &other->owners, {}},
                       registry.settings->policy);
  co_return fail(Code::reserved_name,
                 "The name " + target.key.name + " is too similar to " +
                     (visible ? *similar : std::string("that of an existing package")) +
                     "; choose another name or publish under a scope.");
}

// Where scopes belong to whoever was first in them.
Task<> check_claim(Registry& registry, Principal who, PublishTarget target) {
  const auto claimed = co_await registry.packages.find_scope(target.key.format, target.scope);
  if (claimed && claimed != who.user && !who.is_admin)
    co_return fail(Code::forbidden, "The scope @" + target.scope +
                                        " belongs to somebody else; publish under another one.");
  co_return {};
}

Task<> decide_publish(Registry& registry, const Format& format, Principal who, PublishTarget target,
                      std::optional<PackageRecord> package) {
  Resource what{.package = target.key.name};
  if (package) {
    what.visibility = package->visibility;
    what.owners = &package->owners;
  } else if (format.scopes == ScopeRule::named_user) {
    what.reserved_for = co_await scope_owner(registry, who, target.scope);
  }
  const Action action = package ? Action::publish : Action::create;
  if (auto refused = decide(who, action, what, registry.settings->policy))
    co_return std::unexpected(std::move(*refused));
  if (package) co_return {};
  if (format.scopes == ScopeRule::first_come) co_await check_claim(registry, who, target);
  if (format.scopes == ScopeRule::own_name && who.name != target.scope && !who.is_admin)
    co_return fail(Code::forbidden, "The scope @" + target.scope +
                                        " belongs to the user of that name; publish under @" +
                                        who.name + "/.");
  co_await refuse_collision(registry, who, target);
  co_return {};
}

// Whether the publish was done before: success for the same bytes by the same user.
Result<bool> judge_existing(const State& state, const Actor& actor, const Publication& wanted) {
  const std::string& version = wanted.version.version;
  if (state.tombstoned)
    return fail(Code::version_tombstoned, "Version " + version +
                                              " was unpublished and can never "
                                              "be published again; use a new version number.");
  if (!state.existing) return false;
  if (!is_served(state.existing->standing)) return fail(Code::version_removed);
  if (state.existing->archive.sha512 == wanted.version.archive.sha512 &&
      state.existing->publisher == actor.principal.user)
    return true;
  return fail(Code::version_exists,
              "You cannot publish over the previously published versions: " + version + ".");
}

std::string audit_detail(const Publication& wanted) {
  std::string detail = "sha256:" + wanted.version.archive.sha256.hex();
  for (const Attestation& attestation : wanted.attestations)
    detail += " " + attestation.predicate_type + " sha256:" + sha256(attestation.bundle).hex();
  return detail;
}

// What advisories say of the version goes with it into one change.
void take_verdict(PackageChange& change, LogNotes& notes,
                  const std::optional<PackageRecord>& package, const std::string& version,
                  const PublishVerdict& verdict) {
  change.if_advisories = verdict.demand;
  if (!verdict.findings) return;
  if (package) change.if_revision = package->revision;
  change.ops.push_back(*verdict.findings);
  if (verdict.quarantined) notes.quarantined(version, verdict.advisory);
}

// Whether the version becomes the one that `latest` names.
bool becomes_latest(const Format& format, const std::optional<PackageRecord>& package,
                    const Publication& wanted) {
  if (!package || !package->tags.contains("latest")) return true;
  if (format.latest == LatestRule::tagged)
    return std::ranges::find(wanted.tags, "latest") != wanted.tags.end();
  const auto& version = wanted.version.version;
  return highest_version(format, {package->tags.at("latest"), version}) == version;
}

// Preconditions as narrow as they can be: what `latest` was judged by, where it pointed or whether
// there is one, must still be so.
void require(PackageChange& change, const Format& format, const PackageRecord& package,
             bool latest) {
  change.if_policy_revision = package.policy_revision;
  const bool by_order = latest && format.latest == LatestRule::highest;
  if (by_order || !package.tags.contains("latest"))
    change.if_revision = package.revision;
  else
    change.if_tagged = "latest";
}

CreatePackage creation_of(const Registry& registry, const Format& format, const Actor& actor,
                          const Publication& wanted, const std::optional<UserId>& scope_owner) {
  const auto& settings = registry.settings->publish;
  CreatePackage create{.visibility = wanted.visibility.value_or(settings.new_package_visibility),
                       .owner = *actor.principal.user};
  if (settings.refuse_collisions && !actor.principal.is_admin)
    create.collision_key = wanted.collision_key;
  const bool own = !scope_owner || scope_owner == actor.principal.user;
  if (format.scopes == ScopeRule::first_come && own) create.claimed_scope = wanted.scope;
  return create;
}

PackageChange make_change(const Registry& registry, const Format& format, const Actor& actor,
                          const State& state, const Publication& wanted,
                          const PublishVerdict& verdict) {
  const auto& package = state.package;
  PackageChange change{.key = wanted.key, .at = wanted.at.value_or(registry.clock.now())};
  const bool latest = becomes_latest(format, package, wanted);
  if (package)
    require(change, format, *package, latest);
  else
    change.create = creation_of(registry, format, actor, wanted, state.scope_owner);
  const std::string& version = wanted.version.version;
  const auto visibility = package ? package->visibility : change.create->visibility;
  LogNotes notes(actor, wanted.key, visibility);
  notes.published(wanted);  // first: its place is the answer's
  PutVersion put{wanted.version, wanted.attestations};
  put.record.published = change.at;
  put.record.publisher = *actor.principal.user;
  change.ops.push_back(std::move(put));

  take_verdict(change, notes, package, version, verdict);

  std::set<std::string> tags(wanted.tags.begin(), wanted.tags.end());
  if (latest) tags.insert("latest");
  if (verdict.quarantined) tags.clear();
  for (const auto& tag : tags) {
    change.ops.push_back(SetTag{tag, version});
    notes.tagged(tag, version);
  }
  if (tags.contains("latest")) change.ops.push_back(PutSearchEntry{wanted.search});
  if (!package) notes.owner_added(*actor.principal.user);
  change.log = std::move(notes).take();
  change.audit.push_back(audit_entry(actor, "publish", wanted.key, version, audit_detail(wanted)));
  return change;
}

// What one look at the store leads to: the change to commit, or nothing where the version is there.
struct Plan {
  std::optional<PackageChange> change;
  Published before;  // where there is nothing to change
  std::vector<std::string> warnings;
  Visibility visibility = Visibility::open;
};

Task<Plan> plan(Registry& registry, const Format& format, Actor actor,
                std::shared_ptr<const Publication> wanted) {
  const PublishTarget target{wanted->key, wanted->scope, wanted->collision_key};
  const State state = co_await load(registry, format, target, wanted->version.version);
  co_await decide_publish(registry, format, actor.principal, target, state.package);
  Plan out;
  if (co_await judge_existing(state, actor, *wanted)) {
    out.before = {
        state.package->revision, true, state.existing->logged, {}, state.package->visibility};
    co_return out;
  }
  auto verdict = co_await judge_publish(advisory_ports(registry), state.package, *wanted);
  out.change = make_change(registry, format, actor, state, *wanted, verdict);
  out.visibility = state.package ? state.package->visibility : out.change->create->visibility;
  out.warnings = std::move(verdict.warnings);
  co_return out;
}

// What one round of run() will ask.
Task<> ask_all(Registry& registry, const Format& format, Actor actor,
               std::shared_ptr<const Publication> wanted) {
  Plan next = co_await plan(registry, format, std::move(actor), std::move(wanted));
  if (next.change) co_await registry.packages.apply(std::move(*next.change));
  co_return {};
}

// Somebody else was faster: the next round sees their work and judges by it.
bool is_race(Code code) {
  return code == Code::conflict || code == Code::version_exists;
}

Task<Published> run(Registry& registry, const Format& format, Actor actor,
                    std::shared_ptr<const Publication> wanted,
                    std::unique_ptr<BlobWriter> archive) {
  for (int round = 1;; ++round) {
    rehearse(registry, [&] { return ask_all(registry, format, actor, wanted); });
    Plan next = co_await plan(registry, format, actor, wanted);
    if (!next.change) co_return next.before;
    if (round == 1) co_await archive->commit();
    const auto applied = co_await whole(registry.packages.apply(std::move(*next.change)));
    if (applied)
      co_return Published{applied->revision, false, applied->logged.at(0), std::move(next.warnings),
                          next.visibility};
    if (round == kRounds || !is_race(applied.error().code))
      co_return std::unexpected(applied.error());
  }
}

}  // namespace

Task<std::vector<Owner>> admit_publish(Registry& registry, const Format& format, Actor actor,
                                       PublishTarget target) {
  const auto package = co_await registry.packages.find(target.key);
  co_await decide_publish(registry, format, actor.principal, target, package);
  co_return package ? package->owners : std::vector<Owner>();
}

Task<Published> publish(Registry& registry, const Format& format, Actor actor,
                        Publication publication, std::unique_ptr<BlobWriter> archive) {
  const auto name = to_string(publication.key.format);
  auto wanted = std::make_shared<const Publication>(std::move(publication));
  auto result = co_await whole(
      run(registry, format, std::move(actor), std::move(wanted), std::move(archive)));
  registry.observer.published(name, result.has_value());
  co_return result;
}

}  // namespace kontor
