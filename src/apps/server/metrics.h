#pragma once
// Counters of one server process (row ANA-02). Each loop counts in a tally of its own; a scrape
// adds them up and prometheus-cpp writes the text.
#include "apps/server/log.h"
#include "ports/clock.h"
#include "ports/error_book.h"
#include "ports/health_log.h"
#include "ports/metrics_source.h"
#include "ports/observer.h"

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace kontor {

struct RequestSample {
  std::string_view family;   // static text of a route table
  std::string_view pattern;  // static text of a route table; empty: no route matched
  std::string_view method;   // static text
  std::uint16_t status = 0;
  std::uint64_t bytes_in = 0;
  std::uint64_t bytes_out = 0;
  std::uint64_t duration_us = 0;
};

// Upper bounds of the latency histogram in microseconds; one more bucket is open.
inline constexpr std::array<std::uint64_t, 11> kLatencyBounds = {
    100, 250, 500, 1'000, 2'500, 5'000, 10'000, 50'000, 250'000, 1'000'000, 10'000'000};

struct RouteKey {
  std::string_view family, pattern, method;
  std::uint16_t status = 0;
  auto operator<=>(const RouteKey&) const = default;
};

struct Counts {
  std::map<RouteKey, std::uint64_t> requests;
  std::array<std::uint64_t, kLatencyBounds.size() + 1> latency{};
  std::uint64_t latency_sum_us = 0;
  std::uint64_t bytes_in = 0, bytes_out = 0;
  std::map<std::pair<std::string, bool>, std::uint64_t> publishes;
  std::map<std::string, std::uint64_t> auth_failures;
  std::map<std::string, std::uint64_t> download_bytes;
  std::uint64_t cache_hits = 0, cache_misses = 0;

  void add(const Counts& other);
};

// What one loop counts. Written by its loop, read by whichever loop answers a scrape.
class LoopTally final : public Observer {
 public:
  LoopTally(Log& log, ErrorBook& errors, Clock& clock)
      : log_(log), errors_(errors), clock_(clock) {}
  void request(const RequestSample& sample);
  void published(std::string_view format, bool ok) override;
  void auth_failed(std::string_view reason) override;
  void document_cache(bool hit) override;
  void downloaded(std::string_view format, std::uint64_t bytes) override;
  void failed(std::string_view request_id, const Error& error) override;

 private:
  friend class Metrics;
  Log& log_;
  ErrorBook& errors_;
  Clock& clock_;
  mutable std::mutex mutex_;
  Counts counts_;
};

class Metrics final : public MetricsSource {
 public:
  // Before the loops start.
  LoopTally& add_loop(Log& log, ErrorBook& errors, Clock& clock);
  void set_connections(std::function<std::uint64_t()> open_connections);
  void set_health(const HealthLog& health) { health_ = &health; }
  std::string text() const override;

 private:
  std::vector<std::unique_ptr<LoopTally>> loops_;
  std::function<std::uint64_t()> open_connections_;
  const HealthLog* health_ = nullptr;
};

}  // namespace kontor
