#pragma once
// From the configuration to what the core and the HTTP server decide by.
#include "adapters/asio/limits.h"
#include "apps/server/config.h"
#include "domain/failure_window.h"
#include "registry/settings.h"

namespace kontor {

Settings core_settings(const Config& config);
net::ServerSettings server_settings(const Config& config);
FailureLimits failure_limits(const Config& config);

}  // namespace kontor
