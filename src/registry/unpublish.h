#pragma once
// Taking versions back. Their numbers stay taken for ever (tombstones); the archives' bytes are left
// to the collector of unreferenced blobs.
#include "base/task.h"
#include "registry/actor.h"
#include "registry/format.h"
#include "registry/package_changes.h"
#include "registry/registry.h"

#include <set>
#include <string>

namespace kontor {

// Removes these versions in one atomic change. Tags that name one vanish; `latest` moves to the
// highest version that stays, stable ones first. Removing the last version is removing all.
// Fails with version_not_found, conflict (see package_changes.h), or unpublish_refused for others
// than administrators where a version is older than the configured window.
Task<AppliedChange> unpublish_versions(Registry& registry, const Format& format, Actor actor,
                                       PackageKey key, std::set<std::string> versions,
                                       IfRevision if_revision);

// Removes all versions, tags and the search entry. The name stays with its owners.
Task<AppliedChange> unpublish_package(Registry& registry, const Format& format, Actor actor,
                                      PackageKey key, IfRevision if_revision);

}  // namespace kontor
