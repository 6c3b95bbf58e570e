#pragma once
// What documents say of advisories. Row ORI-21.
#include "base/bytes.h"
#include "domain/advisory/advisory_policy.h"
#include "formats/npm/packument.h"

namespace kontor::npm {

// Members to append to a document of the package, each with a comma before it:
//   _advisories          full form only: the findings, {id: {summary, url, severity, malicious,
//                        measure, versions}}; clients ignore it, `npm view foo _advisories` shows
//                        it
//   policyRestrictions   where versions are in quarantine: npm refuses those with E403 and the
//                        message instead of saying that they do not exist
Bytes advisory_members(const std::string& name, const Findings& findings, Form form);

// What a request for such a version is told.
Error quarantine_error(const std::string& name, const std::string& version,
                       const Findings& findings);

}  // namespace kontor::npm
