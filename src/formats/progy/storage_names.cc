// One name after the other: a course has few versions.
#include "formats/progy/storage_names.h"

namespace kontor::progy {
namespace {

Task<> give(Service& service, ObjectName name) {
  const auto given = co_await whole(service.names->give(std::move(name)));
  if (!given) service.registry.observer.failed({}, given.error());
  co_return {};
}

Task<> name_course(Service& service, PackageKey key) {
  if (!service.names) co_return {};
  const auto package = co_await service.registry.packages.find(key);
  if (!package) co_return {};
  for (const auto& state : co_await service.registry.packages.versions(package->id)) {
    const auto record = co_await service.registry.packages.find_version(package->id, state.version);
    if (record)
      co_await name_artifact(service, {key, state.version}, record->archive.sha256,
                             record->publisher);
  }
  co_return {};
}

}  // namespace

std::string storage_key(std::string_view package, std::string_view version) {
  std::string key = "packages/";
  key.append(package).append("/v").append(version).append(".progy");
  return key;
}

Task<> name_artifact(Service& service, VersionName what, Sha256 artifact, UserId user) {
  if (!service.names) co_return {};
  co_await give(service, {storage_key(what.key.name, what.version), artifact,
                          std::to_string(user.value), what.version});
  co_return {};
}

Task<std::vector<std::string>> versions_of(Registry& registry, PackageKey key) {
  std::vector<std::string> out;
  const auto package = co_await registry.packages.find(std::move(key));
  if (!package) co_return out;
  for (auto& state : co_await registry.packages.versions(package->id))
    out.push_back(std::move(state.version));
  co_return out;
}

Task<> unname_artifacts(Service& service, std::string package, std::vector<std::string> versions) {
  if (!service.names) co_return {};
  for (const auto& version : versions) {
    const auto taken = co_await whole(service.names->take(storage_key(package, version)));
    if (!taken) service.registry.observer.failed({}, taken.error());
  }
  co_return {};
}

Task<> rename_artifacts(Service& service, std::string from, std::string to) {
  const PackageKey key{FormatId::progy, std::move(to)};
  co_await name_course(service, key);
  auto versions = co_await versions_of(service.registry, key);
  co_await unname_artifacts(service, std::move(from), std::move(versions));
  co_return {};
}

Task<> name_recent(Service& service, Duration age) {
  PackageListQuery query{.format = FormatId::progy, .viewer = {}};
  query.viewer.sees_all = true;
  query.modified_since = service.registry.clock.now() - age;
  for (auto& course : co_await service.registry.packages.list(std::move(query)))
    co_await name_course(service, {FormatId::progy, std::move(course.name)});
  co_return {};
}

}  // namespace kontor::progy
