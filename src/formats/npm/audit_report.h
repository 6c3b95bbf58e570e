#pragma once
// Advisories as npm's clients read them. Rows NPM-12, ADV-05.
#include "base/json.h"
#include "registry/advisories/lookup.h"

#include <string>
#include <string_view>
#include <vector>

namespace kontor::npm {

// A number that is always the same for one id: clients keep advisories by it.
std::uint64_t advisory_number(std::string_view id);

// An entry of the bulk answer. `origin`: the server's URL, for advisories without a page.
Json bulk_entry(const PackageAdvisory& advisory, std::string_view origin);

// One place of a dependency tree where an affected version stands.
struct AuditPath {
  std::string version;
  std::string path;  // names from the root, joined by '>'
};

// An entry of the older answer for a whole tree.
Json tree_entry(const PackageAdvisory& advisory, const std::string& module,
                const std::vector<AuditPath>& paths, std::string_view origin);

// info, low, moderate, high or critical: the words clients know.
std::string_view audit_severity(const AdvisoryHead& head);

}  // namespace kontor::npm
