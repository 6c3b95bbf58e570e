// The document is compared with what is stored, member by member.
#include "formats/npm/returned_document.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "formats/npm/fragment.h"
#include "formats/npm/handler_support.h"
#include "formats/npm/manifest.h"
#include "formats/npm/packument.h"
#include "formats/npm/search_entry.h"
#include "registry/package_changes.h"
#include "registry/packages.h"
#include "registry/unpublish.h"

namespace kontor::npm {
namespace {

constexpr std::size_t kMaxMaintainers = 1000;
constexpr std::size_t kMaxDeprecation = 1024;  // bytes

const Json* find_member(const Json& document, const char* name) {
  const auto it = document.find(name);
  return it == document.end() || it->is_null() ? nullptr : &*it;
}

Result<std::vector<std::string>> maintainer_names(const Json& list) {
  if (!list.is_array() || list.size() > kMaxMaintainers)
    return fail(Code::invalid_json, "maintainers must be a list of {name, email}.");
  std::vector<std::string> names;
  for (const auto& person : list) {
    auto name = person.is_string() ? person.get<std::string>() : string_member(person, "name");
    if (name.empty()) return fail(Code::invalid_json, "Each maintainer needs a name.");
    names.push_back(std::move(name));
  }
  return names;
}

// What a document says about versions, against what is stored.
struct Delta {
  std::set<std::string> missing;             // stored, not in the document
  std::map<std::string, std::string> texts;  // of deprecation, where they differ
  bool unknown = false;                      // the document holds a version that is not stored
};

// Deprecation text by version. Lifting one takes an empty text: npm sends that, and a version
// without the member leaves things as they are.
std::map<std::string, std::optional<std::string>> texts_of(const Json& versions) {
  std::map<std::string, std::optional<std::string>> out;
  for (const auto& [version, manifest] : versions.items()) {
    auto& text = out[version];
    const Json* stated = manifest.is_object() ? find_member(manifest, "deprecated") : nullptr;
    if (stated && stated->is_string())
      text = cut_text(stated->get<std::string>(), kMaxDeprecation);
  }
  return out;
}

Delta compare(const std::vector<VersionFragment>& stored, const Json& versions) {
  Delta out;
  const auto returned = texts_of(versions);
  std::set<std::string> known;
  for (const auto& version : stored) {
    known.insert(version.version);
    const auto it = returned.find(version.version);
    if (it == returned.end())
      out.missing.insert(version.version);
    else if (it->second && *it->second != deprecation_of(version.fragment))
      out.texts[version.version] = *it->second;
  }
  out.unknown = std::ranges::any_of(
      returned, [&](const auto& entry) { return !known.contains(entry.first); });
  return out;
}

// The star the caller wants, where `users` says another than is stored.
std::optional<Star> wanted_star(const Json& users, const PackageRecord& package,
                                const std::string& name) {
  if (!users.is_object()) return std::nullopt;
  const auto it = users.find(name);
  const bool wanted = it != users.end() && !it->is_null() && *it != false;
  const bool starred = std::ranges::find(package.stars, name) != package.stars.end();
  if (wanted == starred) return std::nullopt;
  return wanted ? Star::set : Star::cleared;
}

Task<http::Response> apply_star(Registry& registry, const http::Call& call, PackageRecord package,
                                Json users, IfRevision if_revision) {
  const auto wanted = wanted_star(users, package, call.principal.name);
  if (!wanted) co_return changed(200, package.key, package.revision);
  const auto done =
      co_await star(registry, actor_of(call), package.key, *wanted, if_revision);
  co_return changed(200, package.key, done.revision);
}

// Versions missing from a document that names no revision in its URL were just not sent.
enum class Missing { removed, ignored };

Task<http::Response> apply_versions(Registry& registry, const http::Call& call,
                                    PackageRecord package, Json document, Missing missing) {
  const auto stored =
      co_await registry.packages.fragments(package.id, FragmentKind::abbreviated);
  const Json* versions = find_member(document, "versions");
  if (!versions->is_object()) co_return fail(Code::invalid_json, "versions must be an object.");
  const Delta delta = compare(stored, *versions);
  if (delta.unknown) {  // unless a version went between the two looks at the store
    const auto now = co_await registry.packages.find(package.key);
    const bool same = now && now->revision == package.revision;
    co_return fail(same ? Code::missing_attachment : Code::conflict);
  }
  const Actor actor = actor_of(call);
  if (missing == Missing::removed && !delta.missing.empty()) {
    const auto done = co_await unpublish_versions(registry, kNpm, actor, package.key,
                                                  delta.missing, package.revision);
    co_return changed(200, package.key, done.revision);
  }
  if (!delta.texts.empty()) {
    const auto done = co_await deprecate(registry, kNpm, actor, package.key, delta.texts,
                                         package.revision);
    co_return changed(200, package.key, done.revision);
  }
  const Json* users = find_member(document, "users");
  IfRevision if_revision;
  if (missing == Missing::removed) if_revision = package.revision;
  co_return co_await apply_star(registry, call, std::move(package), users ? *users : Json(),
                                if_revision);
}

}  // namespace

Result<void> check_revision(const PackageRecord& package, const std::string& revision) {
  if (revision == revision_text(package)) return {};
  return fail(Code::conflict, "The package changed since you read it (your revision is " +
                                  cut_text(revision, 40) + "); read it again and repeat.");
}

Task<http::Response> apply_returned(Registry& registry, const http::Call& call, PackageKey key,
                                    Json document, std::string revision) {
  const Json* versions = find_member(document, "versions");
  auto loaded = co_await whole(load_readable(registry, call.principal, key));
  // A publish that lost its tarball, or a document for a package that is not there.
  if (!loaded && loaded.error().code == Code::not_found && versions && revision.empty())
    co_return fail(Code::missing_attachment);
  PackageRecord package = co_await std::move(loaded);
  IfRevision if_revision;
  if (!revision.empty()) {
    co_await check_revision(package, revision);
    if_revision = package.revision;
  }
  if (versions) {
    const auto stated = string_member(document, "_rev");
    if (revision.empty() && !stated.empty()) co_await check_revision(package, stated);
    co_return co_await apply_versions(registry, call, std::move(package), std::move(document),
                                      revision.empty() ? Missing::ignored : Missing::removed);
  }
  if (const Json* list = find_member(document, "maintainers")) {
    const auto names = co_await maintainer_names(*list);
    const auto done = co_await set_maintainers(registry, actor_of(call), key, names, if_revision);
    co_return changed(200, key, done.revision);
  }
  const Json* users = find_member(document, "users");
  if (!users) co_return fail(Code::missing_attachment);
  co_return co_await apply_star(registry, call, std::move(package), *users, if_revision);
}

}  // namespace kontor::npm
