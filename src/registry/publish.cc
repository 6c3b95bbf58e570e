// Publishing, step by step. The permission is decided on the same state that the commit requires
// (policy revision), so a change of owners in between cannot let a publish through.
#include "registry/publish.h"

#include "registry/advisories/scan.h"
#include "registry/log/log_notes.h"

#include <set>

namespace kontor {
namespace {

constexpr int kRounds = 4;  // of load, decide and commit when others change the package meanwhile

// What the store says about the name and the version.
struct State {
  std::optional<PackageRecord> package;
  std::optional<VersionRecord> existing;
  bool tombstoned = false;
};

Task<State> load(Registry& registry, PackageKey key, std::string version) {
  State state;
  state.package = co_await registry.packages.find(key);
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

Task<> decide_publish(Registry& registry, Principal who, PublishTarget target,
                      std::optional<PackageRecord> package) {
  Resource what{.package = target.key.name};
  if (package) {
    what.visibility = package->visibility;
    what.owners = &package->owners;
  } else {
    what.reserved_for = co_await scope_owner(registry, who, target.scope);
  }
  const Action action = package ? Action::publish : Action::create;
  if (auto refused = decide(who, action, what, registry.settings->policy))
    co_return std::unexpected(std::move(*refused));
  if (!package) co_await refuse_collision(registry, who, target);
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
  if (state.existing->archive.sha512 == wanted.version.archive.sha512 &&
      state.existing->publisher == actor.principal.user)
    return true;
  return fail(Code::version_exists,
              "You cannot publish over the previously published versions: " + version + ".");
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

PackageChange make_change(const Registry& registry, const Actor& actor,
                          const std::optional<PackageRecord>& package, const Publication& wanted,
                          const PublishVerdict& verdict) {
  const auto& settings = registry.settings->publish;
  PackageChange change{.key = wanted.key, .at = registry.clock.now()};
  const bool has_latest = package && package->tags.contains("latest");
  if (package) {
    change.if_policy_revision = package->policy_revision;
    // Whether `latest` must be set was judged by whether there is one: that must still be so.
    if (has_latest)
      change.if_tagged = "latest";
    else
      change.if_revision = package->revision;
  } else {
    change.create =
        CreatePackage{.visibility = wanted.visibility.value_or(settings.new_package_visibility),
                      .owner = *actor.principal.user};
    if (settings.refuse_collisions && !actor.principal.is_admin)
      change.create->collision_key = wanted.collision_key;
  }
  const std::string& version = wanted.version.version;
  const auto visibility = package ? package->visibility : change.create->visibility;
  LogNotes notes(actor, wanted.key, visibility);
  notes.published(wanted);  // first: its place is the answer's
  PutVersion put{wanted.version};
  put.record.published = change.at;
  put.record.publisher = *actor.principal.user;
  change.ops.push_back(std::move(put));

  take_verdict(change, notes, package, version, verdict);

  std::set<std::string> tags(wanted.tags.begin(), wanted.tags.end());
  if (!has_latest) tags.insert("latest");
  if (verdict.quarantined) tags.clear();
  for (const auto& tag : tags) {
    change.ops.push_back(SetTag{tag, version});
    notes.tagged(tag, version);
  }
  if (tags.contains("latest")) change.ops.push_back(PutSearchEntry{wanted.search});
  if (!package) notes.owner_added(*actor.principal.user);
  change.log = std::move(notes).take();
  change.audit.push_back(audit_entry(actor, "publish", wanted.key, version,
                                     "sha256:" + wanted.version.archive.sha256.hex()));
  return change;
}

// What one look at the store leads to: the change to commit, or nothing where the version is there.
struct Plan {
  std::optional<PackageChange> change;
  Published before;  // where there is nothing to change
  std::vector<std::string> warnings;
};

Task<Plan> plan(Registry& registry, Actor actor, std::shared_ptr<const Publication> wanted) {
  const State state = co_await load(registry, wanted->key, wanted->version.version);
  co_await decide_publish(registry, actor.principal,
                          {wanted->key, wanted->scope, wanted->collision_key}, state.package);
  Plan out;
  if (co_await judge_existing(state, actor, *wanted)) {
    out.before = {state.package->revision, true, state.existing->logged, {}};
    co_return out;
  }
  auto verdict = co_await judge_publish(advisory_ports(registry), state.package, *wanted);
  out.change = make_change(registry, actor, state.package, *wanted, verdict);
  out.warnings = std::move(verdict.warnings);
  co_return out;
}

// Somebody else was faster: the next round sees their work and judges by it.
bool is_race(Code code) {
  return code == Code::conflict || code == Code::version_exists;
}

Task<Published> run(Registry& registry, Actor actor, std::shared_ptr<const Publication> wanted,
                    std::unique_ptr<BlobWriter> archive) {
  for (int round = 1;; ++round) {
    Plan next = co_await plan(registry, actor, wanted);
    if (!next.change) co_return next.before;
    if (round == 1) co_await archive->commit();
    const auto applied = co_await whole(registry.packages.apply(std::move(*next.change)));
    if (applied)
      co_return Published{applied->revision, false, applied->logged.at(0),
                          std::move(next.warnings)};
    if (round == kRounds || !is_race(applied.error().code))
      co_return std::unexpected(applied.error());
  }
}

}  // namespace

Task<std::vector<Owner>> admit_publish(Registry& registry, Actor actor, PublishTarget target) {
  const auto package = co_await registry.packages.find(target.key);
  co_await decide_publish(registry, actor.principal, target, package);
  co_return package ? package->owners : std::vector<Owner>();
}

Task<Published> publish(Registry& registry, Actor actor, Publication publication,
                        std::unique_ptr<BlobWriter> archive) {
  const auto format = to_string(publication.key.format);
  auto wanted = std::make_shared<const Publication>(std::move(publication));
  auto result =
      co_await whole(run(registry, std::move(actor), std::move(wanted), std::move(archive)));
  registry.observer.published(format, result.has_value());
  co_return result;
}

}  // namespace kontor
