// Rings with a head each; the entry to expire first follows the head.
#include "adapters/asio/timers.h"

#include <algorithm>

namespace kontor::net {

void TimerEntry::unlink() {
  if (!next_) return;
  previous_->next_ = next_;
  next_->previous_ = previous_;
  previous_ = next_ = nullptr;
}

Timers::Timers() {
  for (auto& head : heads_) head.previous_ = head.next_ = &head;
}

void Timers::set_duration(Timeout kind, Duration duration) {
  durations_ms_[static_cast<std::size_t>(kind)] = duration.ms;
}

void Timers::arm(TimerEntry& entry, Timeout kind, std::int64_t now_ms) {
  entry.unlink();
  auto& head = heads_[static_cast<std::size_t>(kind)];
  entry.deadline_ms_ = now_ms + durations_ms_[static_cast<std::size_t>(kind)];
  entry.previous_ = head.previous_;
  entry.next_ = &head;
  head.previous_->next_ = &entry;
  head.previous_ = &entry;
}

void Timers::expire(std::int64_t now_ms) {
  for (std::size_t kind = 0; kind < kTimeouts; ++kind) {
    auto& head = heads_[kind];
    while (head.next_ != &head && head.next_->deadline_ms_ <= now_ms) {
      TimerEntry& due = *head.next_;
      due.unlink();
      due.timed_out(static_cast<Timeout>(kind));
    }
  }
}

Duration Timers::shortest() const {
  return {std::ranges::min(durations_ms_)};
}

}  // namespace kontor::net
