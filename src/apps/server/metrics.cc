// Tallies are merged under their locks into prometheus families.
#include "apps/server/metrics.h"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <limits>

namespace kontor {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;
using Labels = std::vector<ClientMetric::Label>;

MetricFamily family(std::string name, std::string help, MetricType type) {
  MetricFamily f;
  f.name = std::move(name);
  f.help = std::move(help);
  f.type = type;
  return f;
}

void add_counter(MetricFamily& f, Labels labels, double value) {
  ClientMetric m;
  m.label = std::move(labels);
  m.counter.value = value;
  f.metric.push_back(std::move(m));
}

template <class Map>
void add_all(Map& to, const Map& from) {
  for (const auto& [key, n] : from) to[key] += n;
}

MetricFamily requests_family(const Counts& c) {
  auto f = family("kontor_http_requests_total", "Answered requests by route and status.",
                  MetricType::Counter);
  for (const auto& [key, n] : c.requests)
    add_counter(f,
                {{"family", std::string(key.family)},
                 {"route", std::string(key.pattern)},
                 {"method", std::string(key.method)},
                 {"status", std::to_string(key.status)}},
                static_cast<double>(n));
  return f;
}

MetricFamily latency_family(const Counts& c) {
  auto f = family("kontor_http_request_duration_seconds",
                  "Time from request head to the end of the answer.", MetricType::Histogram);
  auto& histogram = f.metric.emplace_back().histogram;
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < c.latency.size(); ++i) {
    seen += c.latency[i];
    const double bound = i == kLatencyBounds.size() ? std::numeric_limits<double>::infinity()
                                                    : static_cast<double>(kLatencyBounds[i]) / 1e6;
    histogram.bucket.push_back({seen, bound});
  }
  histogram.sample_count = seen;
  histogram.sample_sum = static_cast<double>(c.latency_sum_us) / 1e6;
  return f;
}

MetricFamily publishes_family(const Counts& c) {
  auto f =
      family("kontor_publishes_total", "Publishes by format and outcome.", MetricType::Counter);
  for (const auto& [key, n] : c.publishes)
    add_counter(f, {{"format", key.first}, {"outcome", key.second ? "ok" : "failed"}},
                static_cast<double>(n));
  return f;
}

MetricFamily labelled_family(std::string name, std::string help, const std::string& label,
                             const std::map<std::string, std::uint64_t>& values) {
  auto f = family(std::move(name), std::move(help), MetricType::Counter);
  for (const auto& [value, n] : values) add_counter(f, {{label, value}}, static_cast<double>(n));
  return f;
}

MetricFamily connections_family(std::uint64_t open) {
  auto f = family("kontor_connections_open", "Connections open now.", MetricType::Gauge);
  f.metric.emplace_back().gauge.value = static_cast<double>(open);
  return f;
}

void add_gauge(MetricFamily& f, Labels labels, double value) {
  ClientMetric m;
  m.label = std::move(labels);
  m.gauge.value = value;
  f.metric.push_back(std::move(m));
}

// The newest round of self-checks; three families without values where there is none yet.
void add_health(std::vector<MetricFamily>& all, const HealthLog& log) {
  auto up = family("kontor_self_check_up",
                   "Whether the endpoint answered below 500 when last asked.", MetricType::Gauge);
  auto took =
      family("kontor_self_check_duration_seconds", "How long that answer took.", MetricType::Gauge);
  auto at = family("kontor_self_check_timestamp_seconds", "When the endpoints were last asked.",
                   MetricType::Gauge);
  const auto rounds = log.rounds();
  if (!rounds.empty()) {
    add_gauge(at, {}, static_cast<double>(rounds.front().at.ms) / 1e3);
    for (const auto& check : rounds.front().checks) {
      add_gauge(up, {{"endpoint", check.target}}, check.ok() ? 1 : 0);
      add_gauge(took, {{"endpoint", check.target}}, static_cast<double>(check.took_ms) / 1e3);
    }
  }
  for (auto* f : {&up, &took, &at}) all.push_back(std::move(*f));
}

}  // namespace

void Counts::add(const Counts& other) {
  add_all(requests, other.requests);
  for (std::size_t i = 0; i < latency.size(); ++i) latency[i] += other.latency[i];
  latency_sum_us += other.latency_sum_us;
  bytes_in += other.bytes_in;
  bytes_out += other.bytes_out;
  add_all(publishes, other.publishes);
  add_all(auth_failures, other.auth_failures);
  add_all(download_bytes, other.download_bytes);
  cache_hits += other.cache_hits;
  cache_misses += other.cache_misses;
}

void LoopTally::request(const RequestSample& s) {
  const std::lock_guard lock(mutex_);
  ++counts_.requests[{s.family, s.pattern, s.method, s.status}];
  const auto bound = std::ranges::lower_bound(kLatencyBounds, s.duration_us);
  ++counts_.latency[static_cast<std::size_t>(bound - kLatencyBounds.begin())];
  counts_.latency_sum_us += s.duration_us;
  counts_.bytes_in += s.bytes_in;
  counts_.bytes_out += s.bytes_out;
}

void LoopTally::published(std::string_view format, bool ok) {
  const std::lock_guard lock(mutex_);
  ++counts_.publishes[{std::string(format), ok}];
}

void LoopTally::auth_failed(std::string_view reason) {
  const std::lock_guard lock(mutex_);
  ++counts_.auth_failures[std::string(reason)];
}

void LoopTally::document_cache(bool hit) {
  const std::lock_guard lock(mutex_);
  ++(hit ? counts_.cache_hits : counts_.cache_misses);
}

void LoopTally::downloaded(std::string_view format, std::uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  counts_.download_bytes[std::string(format)] += bytes;
}

void LoopTally::failed(std::string_view request_id, const Error& error) {
  const bool ours = info(error.code).status >= 500;
  if (ours) errors_.add(request_id, error, clock_.now());
  const auto level = ours ? LogLevel::error : LogLevel::info;
  log_.write(level, "request_failed",
             {{"request", request_id},
              {"code", info(error.code).name},
              {"detail", error.message()},
              {"cause", error.cause}});
}

LoopTally& Metrics::add_loop(Log& log, ErrorBook& errors, Clock& clock) {
  loops_.push_back(std::make_unique<LoopTally>(log, errors, clock));
  return *loops_.back();
}

void Metrics::set_connections(std::function<std::uint64_t()> open_connections) {
  open_connections_ = std::move(open_connections);
}

std::string Metrics::text() const {
  Counts c;
  for (const auto& loop : loops_) {
    const std::lock_guard lock(loop->mutex_);
    c.add(loop->counts_);
  }
  std::vector<MetricFamily> all = {
      requests_family(c),
      latency_family(c),
      labelled_family("kontor_http_bytes_total", "Body bytes received and sent.", "direction",
                      {{"in", c.bytes_in}, {"out", c.bytes_out}}),
      publishes_family(c),
      labelled_family("kontor_auth_failures_total", "Refused credentials by reason.", "reason",
                      c.auth_failures),
      labelled_family("kontor_download_bytes_total", "Archive bytes served by format.", "format",
                      c.download_bytes),
      labelled_family("kontor_document_cache_total", "Rendered documents found in memory.",
                      "result", {{"hit", c.cache_hits}, {"miss", c.cache_misses}}),
      connections_family(open_connections_ ? open_connections_() : 0)};
  if (health_) add_health(all, *health_);
  return prometheus::TextSerializer().Serialize(all);
}

}  // namespace kontor
