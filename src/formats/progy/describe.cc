// The stored document of the latest version and the entry that searches find.
#include "formats/progy/describe.h"

#include "formats/progy/records.h"
#include "registry/packages.h"
#include "registry/retry.h"

namespace kontor::progy {
namespace {

Task<AppliedChange> try_describe(Registry& registry, Actor actor, PackageKey key, Words words) {
  const auto package = co_await load_for(registry, actor.principal, key, Action::change);
  const auto latest = package.tags.find("latest");
  if (latest == package.tags.end()) co_return fail(Code::not_found);
  auto record = co_await registry.packages.find_version(package.id, latest->second);
  if (!record) co_return fail(Code::conflict);
  PackageChange change{.key = key,
                       .at = registry.clock.now(),
                       .if_revision = package.revision,
                       .if_policy_revision = package.policy_revision};
  for (const auto& [member, text] :
       {std::pair{"description", words.description}, {"status", words.status}}) {
    if (!text) continue;
    record->manifest = with_words(record->manifest, member, *text);
    change.audit.push_back(audit_entry(actor, "describe", key, record->version, *text));
  }
  change.ops.push_back(
      UpdateVersion{record->version, record->manifest, record->abbreviated, record->deprecated});
  change.ops.push_back(PutSearchEntry{kProgy.search_entry(*record)});
  co_return co_await registry.packages.apply(std::move(change));
}

}  // namespace

Task<AppliedChange> describe(Registry& registry, Actor actor, PackageKey key, Words words) {
  return retry_on_conflict(
      [&registry, actor, key, words] { return try_describe(registry, actor, key, words); });
}

}  // namespace kontor::progy
