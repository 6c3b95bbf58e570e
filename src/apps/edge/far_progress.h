#pragma once
// Waiting for the sequencer to publish what has been committed.
#include "apps/edge/host.h"
#include "ports/log_progress.h"

namespace kontor::edge {

class FarProgress final : public LogProgress {
 public:
  explicit FarProgress(Host& host) : host_(host) {}

  // True once a round of the sequencer has ended that began after this call: the leaf is published
  // then, unless its log waits for witnesses or the round failed, and a receipt looks for itself.
  Task<bool> wait_for(LogPlace, Duration at_most) override {
    const auto ms = static_cast<std::uint32_t>(at_most.ms);
    const auto answer =
        co_await whole(host_.call(Call::sequence, MessageWriter().number(ms).take()));
    co_return answer&& MessageReader(*answer).number() != 0;
  }

 private:
  Host& host_;
};

}  // namespace kontor::edge
