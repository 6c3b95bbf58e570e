// One look into the store, one decision.
#include "registry/packages.h"

namespace kontor {
namespace {

// The decision on a name that does not exist is that on a hidden package, so that no error tells
// the one from the other.
std::optional<Error> decide_on(const Registry& registry, const Principal& who, Action action,
                               const PackageKey& key, const PackageRecord* package) {
  Resource what{.package = key.name, .visibility = Visibility::restricted};
  if (package) {
    what.visibility = package->visibility;
    what.owners = &package->owners;
  }
  return decide(who, action, what, registry.settings->policy);
}

}  // namespace

Task<PackageRecord> load_for(Registry& registry, Principal who, PackageKey key, Action action) {
  auto package = co_await registry.packages.find(key);
  if (auto refused = decide_on(registry, who, action, key, package ? &*package : nullptr))
    co_return std::unexpected(std::move(*refused));
  if (!package) co_return fail(Code::not_found);
  co_return std::move(*package);
}

Task<PackageRecord> load_readable(Registry& registry, Principal who, PackageKey key) {
  return load_for(registry, std::move(who), std::move(key), Action::read);
}

Task<PackageFile> load_readable_file(Registry& registry, Principal who, PackageKey key,
                                     std::string file_name) {
  auto found = co_await registry.packages.find_file(key, std::move(file_name));
  const PackageRecord* package = found ? &found->package : nullptr;
  if (auto refused = decide_on(registry, who, Action::read, key, package))
    co_return std::unexpected(std::move(*refused));
  if (!found) co_return fail(Code::not_found);
  co_return std::move(*found);
}

Viewer viewer_of(const Principal& who) {
  if (!who.packages.empty()) return {};
  return {who.user, who.is_admin};
}

}  // namespace kontor
