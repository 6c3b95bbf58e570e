// The object is asked for all rounds at once.
#include "apps/edge/far_health.h"

#include "apps/edge/memories.h"

namespace kontor::edge {

void FarHealth::add(HealthRound round) {
  host_.tell(Call::health, print_round_question(round, most_));
}

Task<> FarHealth::fetch() {
  rounds_ = read_rounds(co_await host_.call(Call::health, print_rounds_question()));
  co_return {};
}

}  // namespace kontor::edge
