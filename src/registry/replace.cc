// As a publish: the bytes first, then one change on exactly the state that was looked at.
#include "registry/replace.h"

#include "registry/log/log_notes.h"
#include "registry/packages.h"

namespace kontor {
namespace {

constexpr int kRounds = 8;  // of load, decide and commit when others change the package meanwhile

struct Found {
  PackageRecord package;
  VersionRecord version;
};

Task<Found> find_version(Registry& registry, Actor actor, VersionName what) {
  auto package = co_await load_for(registry, actor.principal, what.key, Action::administer);
  auto version = co_await registry.packages.find_version(package.id, what.version);
  if (!version) co_return fail(Code::version_not_found);
  if (!is_served(version->standing)) co_return fail(Code::version_removed);
  co_return Found{std::move(package), std::move(*version)};
}

PackageChange make_change(const Registry& registry, const Format& format, const Actor& actor,
                          const Found& found, const Publication& wanted) {
  PackageChange change{.key = wanted.key,
                       .at = registry.clock.now(),
                       .if_revision = found.package.revision,
                       .if_policy_revision = found.package.policy_revision};
  ReplaceVersion put{wanted.version};
  put.record.published = change.at;
  put.record.publisher = *actor.principal.user;
  const auto& version = wanted.version.version;
  const auto latest = found.package.tags.find("latest");
  if (latest != found.package.tags.end() && latest->second == version)
    change.ops.push_back(PutSearchEntry{format.search_entry(put.record)});
  change.ops.insert(change.ops.begin(), std::move(put));
  LogNotes notes(actor, wanted.key, found.package.visibility);
  notes.replaced(wanted, found.version.archive.sha256);
  change.log = std::move(notes).take();
  change.audit.push_back(audit_entry(actor, "replace", wanted.key, version,
                                     "sha256:" + found.version.archive.sha256.hex() +
                                         " by sha256:" + wanted.version.archive.sha256.hex()));
  return change;
}

}  // namespace

Task<Published> replace_version(Registry& registry, const Format& format, Actor actor,
                                Publication publication, std::unique_ptr<BlobWriter> archive) {
  const VersionName what{publication.key, publication.version.version};
  for (int round = 1;; ++round) {
    const auto found = co_await find_version(registry, actor, what);
    if (found.version.archive == publication.version.archive)
      co_return Published{
          found.package.revision, true, found.version.logged, {}, found.package.visibility};
    auto change = make_change(registry, format, actor, found, publication);
    if (round == 1) co_await archive->commit();
    const auto applied = co_await whole(registry.packages.apply(std::move(change)));
    if (applied)
      co_return Published{
          applied->revision, false, applied->logged.at(0), {}, found.package.visibility};
    if (round == kRounds || applied.error().code != Code::conflict)
      co_return std::unexpected(applied.error());
  }
}

}  // namespace kontor
