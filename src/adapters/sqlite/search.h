#pragma once
// Search. The index yields matches with more downloads first, so a query reads as many rows as it
// needs for its page and for a total of up to 1,000, however many match: about 1 ms. What costs
// more: two words that are each in very many packages but hardly together, and an unfinished word
// of four letters or more that begins a very common one, whose list of packages is then put
// together first (10 ms with 60,000 packages in it).
#include "adapters/sqlite/rows.h"

namespace kontor::sqlite {

Result<SearchPage> search_packages(Connection& db, const SearchQuery& query);

}  // namespace kontor::sqlite
