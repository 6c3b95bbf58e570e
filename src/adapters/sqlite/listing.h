#pragma once
// Lists of packages by name. Each costs about its page; three need more: `modified_since` reads
// all names after `after` until the page is full, `owned_by` and starred_by read all packages of
// that user, and so does the restricted part of what a user sees.
#include "adapters/sqlite/rows.h"

namespace kontor::sqlite {

Result<std::vector<PackageListing>> list_packages(Connection& db, const PackageListQuery& query);
Result<std::vector<std::string>> list_starred(Connection& db, const std::string& user,
                                              FormatId format, const Viewer& viewer);

}  // namespace kontor::sqlite
