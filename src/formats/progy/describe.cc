// The stored document of the latest version and the entry that searches find.
#include "formats/progy/describe.h"

#include "formats/progy/records.h"
#include "registry/packages.h"
#include "registry/retry.h"

namespace kontor::progy {
namespace {

Task<AppliedChange> try_describe(Registry& registry, Actor actor, PackageKey key,
                                 std::string description) {
  const auto package = co_await load_for(registry, actor.principal, key, Action::change);
  const auto latest = package.tags.find("latest");
  if (latest == package.tags.end()) co_return fail(Code::not_found);
  auto record = co_await registry.packages.find_version(package.id, latest->second);
  if (!record) co_return fail(Code::conflict);
  record->manifest = with_description(record->manifest, description);
  PackageChange change{.key = key,
                       .at = registry.clock.now(),
                       .if_revision = package.revision,
                       .if_policy_revision = package.policy_revision};
  change.ops.push_back(
      UpdateVersion{record->version, record->manifest, record->abbreviated, record->deprecated});
  change.ops.push_back(PutSearchEntry{kProgy.search_entry(*record)});
  change.audit.push_back(audit_entry(actor, "describe", key, record->version, description));
  co_return co_await registry.packages.apply(std::move(change));
}

}  // namespace

Task<AppliedChange> describe(Registry& registry, Actor actor, PackageKey key,
                             std::string description) {
  return retry_on_conflict([&registry, actor, key, description] {
    return try_describe(registry, actor, key, description);
  });
}

}  // namespace kontor::progy
