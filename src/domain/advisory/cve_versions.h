#pragma once
// The versions of a product in a CVE record as OSV events. Part of osv_of_cve().
#include "base/json.h"

#include <string>

namespace kontor {

struct CveVersions {
  Json ranges = Json::array();    // of OSV
  Json versions = Json::array();  // single ones
  std::string wrong;              // path below the product and what is wrong; empty: nothing
};

// `product`: an object of `affected`. Takes lessThan, lessThanOrEqual, changes, a default status of
// "affected" with unaffected versions, and the comparators that some authors write into `version`
// (">= 1.0.0, < 1.2.3").
CveVersions cve_versions(const Json& product);

}  // namespace kontor
