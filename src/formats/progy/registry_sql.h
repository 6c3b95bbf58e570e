#pragma once
// The tables of a Progy registry as they are known to its tools: what a D1 database is made with.
// Row PRG-06, source section 8.
#include <string_view>

namespace kontor::progy {

// SQL for SQLite and D1, for `wrangler d1 execute`. A Kontor server shows the same tables and
// columns in its own database (migration 0011): packages and versions as views.
std::string_view registry_sql();

}  // namespace kontor::progy
