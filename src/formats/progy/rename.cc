// First the account, then its courses, each in one atomic change.
#include "formats/progy/rename.h"

#include "base/json_canonical.h"
#include "base/sha256.h"
#include "domain/user_name.h"
#include "formats/progy/names.h"
#include "formats/progy/records.h"
#include "registry/audit.h"
#include "registry/log/log_notes.h"
#include "registry/retry.h"
#include "registry/totp_secret.h"

namespace kontor::progy {
namespace {

// By the present name or a former one.
Task<User> find_subject(Registry& registry, Principal who, std::string name) {
  auto user = co_await registry.accounts.find_user(name);
  if (!user) user = co_await registry.accounts.find_renamed_user(name);
  const bool own = user && user->id == who.user;
  const auto action = own ? Action::edit_account : Action::administer;
  if (auto refused = decide(who, action, {}, registry.settings->policy))
    co_return std::unexpected(std::move(*refused));
  if (!user) co_return fail(Code::not_found, "There is no user " + name + ".");
  co_return std::move(*user);
}

Task<> rename_account(Registry& registry, Actor actor, User user, std::string name) {
  if (!is_user_name(name))
    co_return fail(Code::invalid_name, "A user name is made of a-z, 0-9, '-', '_' and '.'.");
  const auto former = user.name;
  const auto secret = open_totp_secret(registry, user);
  user.name = name;
  user.updated = registry.clock.now();
  if (!user.totp_secret.empty() && secret) seal_totp_secret(registry, user, *secret);
  auto trail = trail_of(registry, actor, "rename_user", "user:" + former, name);
  co_await registry.accounts.rename_user(std::move(user), std::move(trail));
  co_return {};
}

Publication publication_of(const PackageKey& key, const VersionRecord& record) {
  Publication out;
  out.key = key;
  out.version = record;
  const Json document = Json::parse(record.manifest, nullptr, false);
  out.manifest = sha256(canonical_json(document.value("course", Json::object())));
  return out;
}

// One course on its way to its new name.
class Move {
 public:
  Move(const Actor& actor, const PackageRecord& package, const PackageKey& to)
      : package_(package),
        to_(to),
        left_(actor, package.key, package.visibility),
        joined_(actor, to, package.visibility) {}

  void version(VersionRecord record) {
    record.manifest = with_words(record.manifest, "name", to_.name);
    left_.withdrawn(record.version, "renamed");
    joined_.published(publication_of(to_, record));
    if (!is_served(record.standing)) joined_.withdrawn(record.version, "removed");
    ops.push_back(
        UpdateVersion{record.version, record.manifest, record.abbreviated, record.deprecated});
    const auto latest = package_.tags.find("latest");
    if (latest != package_.tags.end() && latest->second == record.version)
      ops.push_back(PutSearchEntry{kProgy.search_entry(record)});
  }
  std::vector<LogEvent> events() {
    for (const auto& [tag, version] : package_.tags) {
      left_.tagged(tag, std::nullopt);
      joined_.tagged(tag, version);
    }
    for (const Owner& owner : package_.owners) {
      left_.owner_removed(owner.user, owner.role);
      joined_.owner_added(owner.user, owner.role);
    }
    auto all = std::move(left_).take();
    auto more = std::move(joined_).take();
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }

  std::vector<PackageOp> ops;

 private:
  const PackageRecord& package_;
  const PackageKey& to_;
  LogNotes left_, joined_;
};

Task<AppliedChange> try_move(Registry& registry, Actor actor, PackageKey from, PackageKey to) {
  const auto package = co_await registry.packages.find(from);
  if (!package) co_return AppliedChange{};  // moved meanwhile
  PackageChange change{.key = from,
                       .at = registry.clock.now(),
                       .if_revision = package->revision,
                       .if_policy_revision = package->policy_revision};
  Move move(actor, *package, to);
  move.ops.push_back(RenamePackage{to.name});
  for (const auto& state : co_await registry.packages.versions(package->id)) {
    auto record = co_await registry.packages.find_version(package->id, state.version);
    if (!record) co_return fail(Code::conflict);
    move.version(std::move(*record));
  }
  change.log = move.events();
  change.ops = std::move(move.ops);
  change.audit.push_back(audit_entry(actor, "rename", from, {}, to.name));
  co_return co_await registry.packages.apply(std::move(change));
}

Task<std::vector<PackageListing>> courses_below(Registry& registry, std::string user) {
  PackageListQuery query{.format = FormatId::progy, .viewer = {}, .scope = std::move(user)};
  query.viewer.sees_all = true;
  return registry.packages.list(query);
}

}  // namespace

Task<std::vector<std::string>> rename_user(Registry& registry, Actor actor, Renaming wish) {
  const auto user = co_await find_subject(registry, actor.principal, wish.from);
  if (user.name == wish.from && wish.from != wish.to)
    co_await rename_account(registry, actor, user, wish.to);
  else if (user.name != wish.to)
    co_return fail(Code::conflict, wish.from + " is called " + user.name + " now.");
  std::vector<std::string> out;
  if (wish.from == wish.to) co_return out;
  for (;;) {
    const auto page = co_await courses_below(registry, wish.from);
    if (page.empty()) co_return out;
    for (const auto& course : page) {
      const PackageKey from{FormatId::progy, course.name};
      const PackageKey to{FormatId::progy,
                          "@" + wish.to + course.name.substr(course.name.find('/'))};
      co_await retry_on_conflict(
          [&registry, actor, from, to] { return try_move(registry, actor, from, to); });
      out.push_back(to.name);
    }
  }
}

Task<std::optional<PackageKey>> find_moved(Registry& registry, PackageKey key) {
  const auto name = parse_name(key.name);
  if (!name) co_return std::nullopt;
  const auto user = co_await registry.accounts.find_renamed_user(name->scope);
  if (!user) co_return std::nullopt;
  co_return PackageKey{FormatId::progy, PackageName{user->name, name->base}.full()};
}

}  // namespace kontor::progy
