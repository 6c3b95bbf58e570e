#pragma once
// From the configuration to what the core and the HTTP server decide by.
#include "adapters/asio/limits.h"
#include "adapters/asio/tls_context.h"
#include "apps/server/config/config.h"
#include "base/bytes.h"
#include "domain/failure_window.h"
#include "registry/settings.h"

namespace kontor {

// `session_key` signs sessions where the configuration has no key for it.
Settings core_settings(const Config& config, const Bytes& session_key);
net::ServerSettings server_settings(const Config& config);
std::optional<net::TlsOptions> tls_options(const Config& config);  // nothing: plain HTTP
FailureLimits failure_limits(const Config& config);

}  // namespace kontor
