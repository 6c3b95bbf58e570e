#pragma once
// What must hold between the tables of a store, as queries that find nothing in a sound one.
#include "adapters/sqlite/connection.h"
#include "ports/store_audit.h"

namespace kontor::sqlite {

// Pages, indexes, rows without their kin, and the search index against what it is made of; at most
// fifty faults a rule. Reads only, one state of the store. A page that cannot be read at all is a
// fault too.
Result<std::vector<StoreFault>> check_rows(Connection& db);

// The full-text indexes against their own content; needs a connection that may write, changes
// nothing.
Result<std::vector<StoreFault>> check_search_structure(Connection& db);

}  // namespace kontor::sqlite
