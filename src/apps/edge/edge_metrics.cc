// Cloudflare counts requests and errors itself; these are the numbers it does not have.
#include "apps/edge/edge_metrics.h"

namespace kontor::edge {
namespace {

struct Counter {
  const char* name;
  const char* help;
};

// In the order of worker/tally.mjs.
constexpr Counter kCounters[] = {
    {"kontor_edge_cache_hits_total", "Requests answered from the cache."},
    {"kontor_edge_cache_misses_total", "Requests whose answer was not in the cache."},
    {"kontor_edge_instances_lost_total",
     "Requests that an instance of the module was given up with."},
};

void head(std::string& text, std::string_view name, std::string_view help, std::string_view type) {
  text.append("# HELP ").append(name).append(1, ' ').append(help);
  text.append("\n# TYPE ").append(name).append(1, ' ').append(type).append(1, '\n');
}

void add_value(std::string& text, std::string_view name, std::string_view endpoint, double value) {
  text.append(name);
  if (!endpoint.empty()) text.append("{endpoint=\"").append(endpoint).append("\"}");
  text.append(1, ' ').append(std::to_string(value)).append(1, '\n');
}

// The families of a native server.
void add_health(std::string& text, const HealthRound& round) {
  constexpr std::string_view kUp = "kontor_self_check_up";
  constexpr std::string_view kTook = "kontor_self_check_duration_seconds";
  constexpr std::string_view kAt = "kontor_self_check_timestamp_seconds";
  head(text, kUp, "Whether the endpoint answered below 500 when last asked.", "gauge");
  for (const auto& check : round.checks) add_value(text, kUp, check.target, check.ok());
  head(text, kTook, "How long that answer took.", "gauge");
  for (const auto& check : round.checks)
    add_value(text, kTook, check.target, static_cast<double>(check.took_ms) / 1e3);
  head(text, kAt, "When the endpoints were last asked.", "gauge");
  add_value(text, kAt, {}, static_cast<double>(round.at.ms) / 1e3);
}

}  // namespace

Task<> EdgeMetrics::fetch() {
  const Bytes answer = co_await host_.call(Call::counts, {});
  MessageReader message(answer);
  text_.clear();
  for (const auto& [name, help] : kCounters) {
    head(text_, name, help, "counter");
    text_.append(name).append(1, ' ').append(std::to_string(message.large())).append(1, '\n');
  }
  co_await health_.fetch();
  if (const auto rounds = health_.rounds(); !rounds.empty()) add_health(text_, rounds.front());
  co_return {};
}

}  // namespace kontor::edge
