#pragma once
// Clients change a package by sending its whole document back. Only the difference they mean is
// applied; everything else in it is ignored (npm.md 4.3).
#include "base/json.h"
#include "formats/npm/service.h"
#include "http/route.h"

#include <string>

namespace kontor::npm {

// In this order, the first that applies:
//   maintainers without versions: owners       users without versions: star of the caller
//   versions missing (only with `revision`): unpublish      texts changed: deprecation
//   the caller's own entry in users changed: star           nothing changed: success
// `revision` is the one in the URL, empty where it has none; it must be current (conflict), and so
// must a `_rev` in a document with versions.
Task<http::Response> apply_returned(Registry& registry, const http::Call& call, PackageKey key,
                                    Json document, std::string revision);

// Fails with conflict unless `revision` is that of the package.
Result<void> check_revision(const PackageRecord& package, const std::string& revision);

}  // namespace kontor::npm
