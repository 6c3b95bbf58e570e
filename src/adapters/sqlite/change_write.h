#pragma once
// The second half of apply(): writes a change that check_change() has let through.
#include "adapters/sqlite/change_check.h"

namespace kontor::sqlite {

// In the caller's transaction. Fails only where the store itself does.
Result<AppliedChange> write_change(Connection& db, const PackageChange& change, PackageHead head);

}  // namespace kontor::sqlite
