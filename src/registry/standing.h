#pragma once
// How versions stand: yanked ones are served but left out of new resolutions, removed ones are
// served no more. Their record and their leaf in the log stay. Rows ORI-08, ORI-13.
#include "base/task.h"
#include "registry/actor.h"
#include "registry/format.h"
#include "registry/registry.h"

#include <string>

namespace kontor {

// By an owner. Succeeds where nothing changes. `latest` moves to the version that the format's rule
// names among those that are listed; where none is, it stays. version_not_found where there is no
// such version, version_removed where it was removed.
Task<> yank(Registry& registry, const Format& format, Actor actor, VersionName what);
Task<> unyank(Registry& registry, const Format& format, Actor actor, VersionName what);

enum class RemovalKind : std::uint8_t {
  emergency,  // the bytes stay in the store and are handed out to nobody
  legal,      // nothing names the bytes any more; the caller or a collection drops them
};

// By an administrator, for good: there is no way back. An emergency removal may become a legal one.
// `reason` is for the audit trail. Yields the record as it was.
Task<VersionRecord> remove_version(Registry& registry, const Format& format, Actor actor,
                                   VersionName what, RemovalKind kind, std::string reason);

}  // namespace kontor
