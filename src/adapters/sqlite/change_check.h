#pragma once
// The first half of apply(): whether a change may be made. Reads only, so that a refused change
// leaves nothing to undo.
#include "adapters/sqlite/rows.h"

namespace kontor::sqlite {

// The package a change is about, as it stands before it; id 0 where it is to be created.
struct PackageHead {
  PackageId id;
  Visibility visibility = Visibility::open;
  std::uint64_t revision = 0;
  std::uint64_t policy_revision = 0;
};

// Fails as ports/package_store.h says of PackageChange and of each operation.
Result<PackageHead> check_change(Connection& db, const PackageChange& change);

}  // namespace kontor::sqlite
