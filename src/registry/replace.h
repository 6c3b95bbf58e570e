#pragma once
// Putting other bytes under a number that was published: what immutable versions forbid, for the
// one case in which an operator must. Row D-10.
#include "registry/publish.h"

namespace kontor {

// By an administrator. The record takes the place of the one that is there; the bytes before stay
// in the store, and the log and the audit trail tell of both. Tags stay. On success all of it is
// durable. version_not_found where there is nothing to replace, version_removed where it is served
// no more; the very same bytes again succeed without a change.
Task<Published> replace_version(Registry& registry, const Format& format, Actor actor,
                                Publication publication, std::unique_ptr<BlobWriter> archive);

}  // namespace kontor
