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
    {"kontor_edge_instances_lost_total", "Instances of the module that were lost by a trap."},
};

}  // namespace

Task<> EdgeMetrics::fetch() {
  const Bytes answer = co_await host_.call(Call::counts, {});
  MessageReader message(answer);
  text_.clear();
  for (const auto& [name, help] : kCounters)
    text_ += std::string("# HELP ") + name + ' ' + help + "\n# TYPE " + name + " counter\n" + name +
             ' ' + std::to_string(message.large()) + '\n';
  co_return {};
}

}  // namespace kontor::edge
