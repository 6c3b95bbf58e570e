#pragma once
// CVE records (CVE JSON 5) as OSV records. Row ADV-02.
#include "base/json.h"

#include <string>
#include <vector>

namespace kontor {

// True for a record of that format, whatever is wrong with it.
bool is_cve_record(const Json& document);

// The OSV record that says the same: id, times, texts, CVSS vectors, CWEs, references, and of each
// affected product with a package its versions: in `packageName` of the collections `collections`
// names, or in a package URL. Ranges are those whose type is "semver", or one of npm's own kind.
// A rejected record is a withdrawn one. The whole record is kept in database_specific.cve.
// bad_request with the path of what is wrong. A record without such products affects nothing here.
Result<Json> osv_of_cve(Json document);

}  // namespace kontor
