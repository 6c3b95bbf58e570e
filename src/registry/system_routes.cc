// /health says that the process answers, /health/ready that it can serve: each part is probed and
// named.
#include "registry/system_routes.h"

#include "registry/log/log_probe.h"

#include <nlohmann/json.hpp>

#include <array>

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

// Strangers learn which part fails and what its administrator should do, not why: the cause goes to
// the log.
struct Probe {
  const char* name;
  Task<> (*run)(SystemService& service);
  const char* advice;
};

Task<> probe_metadata(SystemService& service) {
  return service.registry.packages.probe();
}

// A write that changes nothing, through the queue of all writes.
Task<> probe_writes(SystemService& service) {
  co_await service.registry.accounts.remove_expired({}, 0);
  co_return {};
}

// The folder of what is stored, and an upload that is given up: nothing of it stays.
Task<> probe_blobs(SystemService& service) {
  auto& blobs = service.registry.blobs;
  co_await blobs.probe();
  const auto writer = co_await blobs.stage();
  co_await writer->append("probe");
  co_return {};
}

// That leaves, tiles and checkpoint of each log agree.
Task<> probe_logs(SystemService& service) {
  if (!service.log) co_return {};
  for (const LogId log : kLogs) co_await probe_log(service.log->store, service.log->files, log);
  co_return {};
}

constexpr std::array kProbes = {
    Probe{"metadata", probe_metadata,
          "The database cannot be read. Look for the cause in the log, check its disk, and restore "
          "a backup if the file is damaged."},
    Probe{"writes", probe_writes,
          "The database takes no writes. Look for the cause in the log; free space on its disk, or "
          "lower the load if writes are queued up."},
    Probe{"blobs", probe_blobs,
          "No tarball can be stored. Look for the cause in the log; free space on the disk of the "
          "blobs and check that the server may write there."},
    Probe{"logs", probe_logs,
          "What is published of a transparency log is not what the database holds. Look for the "
          "cause in the log of the server; restore database and log folder from one backup."},
};

Task<ordered_json> run_probe(SystemService& service, Probe probe) {
  const auto outcome = co_await whole(probe.run(service));
  if (outcome) co_return ordered_json{{"status", "ok"}};
  service.registry.observer.failed({}, outcome.error());
  co_return ordered_json{
      {"status", "failed"}, {"code", info(outcome.error().code).name}, {"advice", probe.advice}};
}

Task<http::Response> ready(SystemService& service, const http::Call&) {
  bool ready = !service.draining;
  ordered_json checks;
  for (const auto& probe : kProbes) {
    auto found = co_await run_probe(service, probe);
    ready = ready && found["status"] == "ok";
    checks[probe.name] = std::move(found);
  }
  checks["draining"] = service.draining;
  co_return uncached(ready ? 200 : 503,
                     {{"status", ready ? "ready" : "not ready"}, {"checks", std::move(checks)}});
}

ordered_json round_object(const HealthRound& round) {
  ordered_json endpoints = ordered_json::array();
  for (const auto& check : round.checks)
    endpoints.push_back(
        {{"target", check.target}, {"status", check.status}, {"ms", check.took_ms}});
  return {{"at", rfc3339(round.at)}, {"ok", round.ok()}, {"endpoints", std::move(endpoints)}};
}

Task<http::Response> health_history(SystemService& service, const http::Call&) {
  ordered_json rounds = ordered_json::array();
  for (const auto& round : service.health.rounds()) rounds.push_back(round_object(round));
  co_return uncached(200, {{"rounds", std::move(rounds)}});
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
    RouteEntry<SystemService>{
        {Method::get, "/health/ready", Access::open,
         "Probes each store and the logs, with advice; 503 while one fails or the server drains."},
        ready},
    RouteEntry<SystemService>{
        {Method::get, "/-/kontor/v1/health/history", Access::admin,
         "What the server found when it asked its own endpoints, newest first."},
        health_history},
    RouteEntry<SystemService>{
        {Method::get, "/metrics", Access::metrics, "Counters in Prometheus text format."}, metrics},
};

}  // namespace

std::span<const RouteEntry<SystemService>> system_routes() {
  return kRoutes;
}

}  // namespace kontor
