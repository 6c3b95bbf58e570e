#pragma once
// Health, readiness and metrics (rows HLT-01, ANA-02): the same on every host.
#include "ports/health_log.h"
#include "ports/metrics_source.h"
#include "registry/gateway.h"
#include "registry/log/log_routes.h"

#include <span>
#include <string>

namespace kontor {

struct SystemService {
  Registry& registry;
  const MetricsSource& metrics;
  const HealthLog& health;
  std::string version;
  bool draining = false;  // set by the host: readiness turns 503 while the process goes down
  const LogService* log = nullptr;  // null: readiness does not look at the logs
};

std::span<const RouteEntry<SystemService>> system_routes();

}  // namespace kontor
