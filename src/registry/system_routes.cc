// /health says that the process answers, /health/ready that it can serve: each part is probed and
// named.
#include "registry/system_routes.h"

#include <array>
#include <nlohmann/json.hpp>

namespace kontor {
namespace {

using http::Access;
using http::Method;
using nlohmann::ordered_json;

http::Response uncached(std::uint16_t status, const ordered_json& body) {
  auto response = http::json_response(status, body.dump());
  response.set("cache-control", "no-store");
  return response;
}

Task<http::Response> health(SystemService& service, const http::Call&) {
  co_return uncached(200, {{"status", "ok"}, {"version", service.version}});
}

// Records the outcome of one probe; strangers learn which part fails, not why.
void report(ordered_json& checks, bool& ready, const char* name, const Result<void>& outcome) {
  checks[name] = outcome ? "ok" : std::string(info(outcome.error().code).name);
  if (!outcome) ready = false;
}

Task<http::Response> ready(SystemService& service, const http::Call&) {
  bool ready = !service.draining;
  ordered_json checks;
  report(checks, ready, "metadata", co_await whole(service.registry.packages.probe()));
  report(checks, ready, "blobs", co_await whole(service.registry.blobs.probe()));
  checks["draining"] = service.draining;
  co_return uncached(ready ? 200 : 503,
                     {{"status", ready ? "ready" : "not ready"}, {"checks", std::move(checks)}});
}

Task<http::Response> metrics(SystemService& service, const http::Call&) {
  auto response = http::text_response(200, service.metrics.text());
  response.set("content-type", "text/plain; version=0.0.4; charset=utf-8");
  response.set("cache-control", "no-store");
  co_return response;
}

constexpr std::array kRoutes = {
    RouteEntry<SystemService>{
        {Method::get, "/health", Access::open, "Says that the process answers."}, health},
    RouteEntry<SystemService>{{Method::get, "/health/ready", Access::open,
                               "Probes each store; 503 while one fails or the server drains."},
                              ready},
    RouteEntry<SystemService>{
        {Method::get, "/metrics", Access::metrics, "Counters in Prometheus text format."}, metrics},
};

}  // namespace

std::span<const RouteEntry<SystemService>> system_routes() { return kRoutes; }

}  // namespace kontor
