#pragma once
// Advisories as the API shows them.
#include "base/json.h"
#include "registry/advisories/import.h"
#include "registry/advisories/lookup.h"

namespace kontor {

// {id, summary, severity, malicious, url, aliases, cvss: {score, vector}, cwes, fixed} of one
// match; what is unknown is null.
Json to_json(const AdvisoryMatch& match);

// {id, outcome} or {id, outcome: "refused", error: code, message}.
Json to_json(const ImportResult& result);

std::string_view to_string(AdvisoryOutcome outcome);

// The page of an advisory: its own, or else ours below `origin`.
std::string page_of(const AdvisoryHead& head, std::string_view origin);

}  // namespace kontor
