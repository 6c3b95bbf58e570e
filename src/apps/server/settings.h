#pragma once
// From the configuration to what the HTTP server decides by.
#include "adapters/asio/limits.h"
#include "adapters/asio/tls_context.h"
#include "apps/server/config/core_settings.h"

namespace kontor {

net::ServerSettings server_settings(const Config& config);
std::optional<net::TlsOptions> tls_options(const Config& config);  // nothing: plain HTTP

}  // namespace kontor
