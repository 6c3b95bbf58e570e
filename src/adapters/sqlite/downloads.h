#pragma once
// Download counts: by version and day, summed by package and by format as they come in.
#include "adapters/sqlite/rows.h"

namespace kontor::sqlite {

Result<void> add_download_counts(Connection& db, const std::vector<DownloadCount>& counts);
// Keeps them in registry_downloads, and forgets those that are too old beside them.
Result<void> write_download_records(Connection& db, const std::vector<DownloadRecord>& records);
// At most one row a day.
Result<std::vector<DownloadCount>> daily_downloads(Connection& db, const PackageKey& key, Day first,
                                                   Day last);
// Costs a row a day and version of the span.
Result<std::vector<DownloadCount>> downloads_by_version(Connection& db, const PackageKey& key,
                                                        Day first, Day last);
std::uint64_t downloads_between(Connection& db, PackageId package, Day first, Day last);

}  // namespace kontor::sqlite
