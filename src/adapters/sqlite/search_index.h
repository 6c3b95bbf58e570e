#pragma once
// Keeping the full-text indexes in step with the rows, in the transaction that changes them.
#include "adapters/sqlite/connection.h"
#include "domain/ids.h"
#include "ports/package_records.h"

#include <string>

namespace kontor::sqlite {

// A word of the column `facets`: exact, whatever `text` holds.
std::string facet(char kind, std::string_view text);
std::string facet(char kind, std::int64_t number);

// SQL for the facets of the entry e of package p: its own, then visibility and owners.
inline constexpr const char* kFacetsOfPackage =
    "(e.facets || ' ' || char(57344) || 'v' || p.visibility || coalesce((SELECT group_concat("
    "' ' || char(57344) || 'o' || o.user || CASE o.role WHEN 1 THEN"
    " ' ' || char(57344) || 'm' || o.user ELSE '' END, '')"
    " FROM owners o WHERE o.package = p.id), ''))";

// Stores the entry. True where words or facets differ from those of the entry before, so that
// index_package() must follow. The version in it must be stored already. `is_new`: the package is
// made by the same change, so there is none before.
Result<bool> put_search_entry(Connection& db, PackageId package, const std::string& name,
                              const SearchEntry& entry, bool is_new);
// Indexes the package's entry anew, with its visibility, owners and place of today. Nothing where
// there is no entry. About 0.1 ms.
Result<void> index_package(Connection& db, PackageId package);
// Removes entry and rows of a package that has no version any more.
Result<void> drop_entry_without_versions(Connection& db, PackageId package);
// index_package() where downloads have moved it.
Result<void> index_if_moved(Connection& db, PackageId package);

}  // namespace kontor::sqlite
