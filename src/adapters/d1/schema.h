#pragma once
// The schema of migrations/sqlite in a database that takes batches only.
#include "adapters/sqlite/session.h"

namespace kontor::d1 {

// Brings the database to the schema of this program. Many may do so at once. The same errors as on
// this machine where a newer or another version wrote it.
Task<> bring_up_schema(sqlite::Session& session, Timestamp now);

}  // namespace kontor::d1
