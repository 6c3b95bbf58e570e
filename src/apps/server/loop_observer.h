#pragma once
// What one loop tells of its requests: counted in the loop's own tally and logged in lines that are
// written together, so that loops do not wait for each other.
#include "adapters/asio/asio_loop.h"
#include "adapters/asio/server_observer.h"
#include "apps/server/metrics.h"

#include <string>

namespace kontor {

// Lines stand in memory for kPatience at most; a crash loses them. On the loop's thread.
class LoopObserver final : public net::ServerObserver {
 public:
  static constexpr Duration kPatience{200};
  static constexpr std::size_t kBatch = 64 * 1024;  // bytes

  LoopObserver(net::AsioLoop& loop, LoopTally& tally, Log& log)
      : loop_(loop), tally_(tally), log_(log) {}
  ~LoopObserver() override { flush(); }

  void answered(const net::RequestSummary& summary) override;
  void refused_connection(std::string_view address) override;
  void failed_handshake(std::string_view address, std::string_view reason) override;
  void flush();

 private:
  net::AsioLoop& loop_;
  LoopTally& tally_;
  Log& log_;
  LogClock clock_;
  std::string lines_;
  bool timed_ = false;  // flush() will be called
};

}  // namespace kontor
