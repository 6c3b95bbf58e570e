#pragma once
// Changes of a package that are not about archives: tags, owners, visibility, stars, deprecation.
// Each is one atomic change with its audit row, durable when its task has succeeded; after an error
// nothing has changed. Where `if_revision` is given, the package must still be at that revision
// (else conflict); otherwise a change that others overtook is tried again.
#include "base/task.h"
#include "registry/actor.h"
#include "registry/format.h"
#include "registry/registry.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace kontor {

using IfRevision = std::optional<std::uint64_t>;

// Points tags at versions and removes tags. version_not_found where a version is absent;
// invalid_tag on an attempt to remove `latest`.
struct TagChange {
  std::map<std::string, std::string> set;
  std::vector<std::string> remove;
};
Task<AppliedChange> change_tags(Registry& registry, const Format& format, Actor actor,
                                PackageKey key, TagChange tags);

// The names become the package's maintainers; those who may only read stay. bad_request where a
// name belongs to no user, or none is given.
Task<AppliedChange> set_maintainers(Registry& registry, Actor actor, PackageKey key,
                                    std::vector<std::string> names, IfRevision if_revision);
Task<AppliedChange> add_maintainer(Registry& registry, Actor actor, PackageKey key,
                                   std::string name);
// Succeeds where the name is none; bad_request where it is the last.
Task<AppliedChange> remove_maintainer(Registry& registry, Actor actor, PackageKey key,
                                      std::string name);

Task<AppliedChange> set_visibility(Registry& registry, Actor actor, PackageKey key,
                                   Visibility visibility);

enum class Star { set, cleared };
Task<AppliedChange> star(Registry& registry, Actor actor, PackageKey key, Star star,
                         IfRevision if_revision);

// Texts by version; an empty one lifts the deprecation. version_not_found where one is absent.
Task<AppliedChange> deprecate(Registry& registry, const Format& format, Actor actor,
                              PackageKey key, std::map<std::string, std::string> texts,
                              IfRevision if_revision);

}  // namespace kontor
