#pragma once
// Brings a store to the schema this binary knows.
#include "adapters/sqlite/built_in_migrations.h"
#include "adapters/sqlite/file_connection.h"
#include "base/time.h"

namespace kontor::sqlite {

// Applies what is missing, all in one transaction. Refuses, changing nothing, a store that a newer
// binary has written, or one whose applied migrations differ from these (`unavailable`, with a
// detail that says what to do).
Result<void> migrate(FileConnection& connection, const std::vector<Migration>& migrations,
                     Timestamp now);

// Whether the store has exactly these; `unavailable` with a detail otherwise. Reads only.
Result<void> check_migrated(FileConnection& connection, const std::vector<Migration>& migrations);

}  // namespace kontor::sqlite
