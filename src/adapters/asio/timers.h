#pragma once
// Timeouts of connections: one list per kind of timeout, each in order of expiry because all its
// entries run equally long. Arming, disarming and expiring are O(1).
#include "base/time.h"

#include <array>
#include <cstdint>

namespace kontor::net {

enum class Timeout : std::uint8_t { handshake, header, body, idle, write, linger };
inline constexpr std::size_t kTimeouts = 6;

class Timers;

// Part of whatever can time out; disarms itself when destroyed. It has one timeout at a time.
class TimerEntry {
 public:
  TimerEntry() = default;
  TimerEntry(const TimerEntry&) = delete;
  TimerEntry& operator=(const TimerEntry&) = delete;
  virtual ~TimerEntry() { unlink(); }
  virtual void timed_out(Timeout kind) = 0;

 private:
  friend class Timers;
  void unlink();
  TimerEntry* previous_ = nullptr;
  TimerEntry* next_ = nullptr;
  std::int64_t deadline_ms_ = 0;
};

// Belongs to one loop; outlives its entries. Times are milliseconds of any monotonic clock.
class Timers {
 public:
  Timers();
  void set_duration(Timeout kind, Duration duration);
  void arm(TimerEntry& entry, Timeout kind, std::int64_t now_ms);  // replaces what was armed
  void disarm(TimerEntry& entry) { entry.unlink(); }
  // Calls timed_out() of all that are due; they may arm, disarm and destroy any entry meanwhile.
  void expire(std::int64_t now_ms);
  Duration shortest() const;

 private:
  struct Head final : TimerEntry {
    void timed_out(Timeout) override {}
  };
  std::array<Head, kTimeouts> heads_;
  std::array<std::int64_t, kTimeouts> durations_ms_{};
};

}  // namespace kontor::net
