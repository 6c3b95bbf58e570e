#pragma once
// How far the logs are published, for those who wait for it: told by the publisher's thread, asked
// on any loop.
#include "adapters/asio/asio_loop.h"
#include "ports/handoff.h"
#include "ports/log_progress.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

namespace kontor {

// Any thread. Outlives the ports that stand on it.
class PublishedLogs {
 public:
  static constexpr std::size_t kMostWaiting = 1024;

  void set_size(LogId log, std::uint64_t published);

  // Around whatever may exchange the log's checkpoint.
  void begin_change(LogId log) { ++checkpoints_.at(place_of(log)); }
  void end_change(LogId log) { ++checkpoints_.at(place_of(log)); }
  // Another number after each change, and an odd one during it.
  std::uint64_t checkpoints(LogId log) const { return checkpoints_.at(place_of(log)); }

 private:
  friend class ShardLogProgress;
  // Gets one answer, whoever is first to give it.
  struct Waiter {
    std::mutex mutex;
    std::optional<HandoffSender<bool>> sender;
    void answer(bool covered);
  };
  struct Waiting {
    LogPlace place;
    std::weak_ptr<Waiter> waiter;
  };
  // True where the place is covered already; false where the waiter was taken in.
  Result<bool> covers_or_waits(const LogPlace& place, const std::shared_ptr<Waiter>& waiter);
  bool covers(const LogPlace& place) const;

  static std::size_t place_of(LogId log) {
    return static_cast<std::size_t>(std::ranges::find(kLogs, log) - kLogs.begin());
  }

  std::array<std::atomic<std::uint64_t>, kLogs.size()> checkpoints_{};
  std::mutex mutex_;
  std::map<LogId, std::uint64_t> sizes_;
  std::vector<Waiting> waiting_;
};

// The port of one loop.
class ShardLogProgress final : public LogProgress {
 public:
  ShardLogProgress(PublishedLogs& logs, net::AsioLoop& loop) : logs_(logs), loop_(loop) {}
  Task<bool> wait_for(LogPlace place, Duration at_most) override;

 private:
  PublishedLogs& logs_;
  net::AsioLoop& loop_;
};

}  // namespace kontor
