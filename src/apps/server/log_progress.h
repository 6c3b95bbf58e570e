#pragma once
// How far the logs are published, for those who wait for it: told by the publisher's thread, asked
// on any loop.
#include "adapters/asio/asio_loop.h"
#include "ports/handoff.h"
#include "ports/log_progress.h"

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
