#pragma once
// From the configuration to what the core decides by.
#include "apps/server/config/config.h"
#include "base/bytes.h"
#include "domain/failure_window.h"
#include "registry/settings.h"

#include <string>
#include <vector>

namespace kontor {

// `session_key` signs sessions where the configuration has no key for it.
Settings core_settings(const Config& config, const Bytes& session_key);
FailureLimits failure_limits(const Config& config);

// What a host asks of itself to see whether it serves: the process, the stores and logs, the npm
// API, the search index under each format, advisories.
std::vector<std::string> own_endpoints();

}  // namespace kontor
