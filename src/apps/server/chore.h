#pragma once
// Work that a loop does again and again beside its requests: writing counts, sweeping, looking
// after itself. One run at a time; a run that fails is logged and the next one comes all the same.
#include "adapters/asio/asio_loop.h"
#include "apps/server/log.h"
#include "base/task.h"

#include <functional>
#include <memory>
#include <string_view>

namespace kontor {

class Chore {
 public:
  struct Parts {
    net::AsioLoop& loop;  // stopped before the chore is destroyed
    Log& log;
    std::string_view failure;  // event in the log; static text
    std::function<Task<>()> make;
  };
  explicit Chore(Parts parts) : parts_(std::move(parts)) {}
  Chore(const Chore&) = delete;

  // Runs after each interval, counted from the end of the run before. Any thread, once.
  void repeat(Duration interval);
  // Runs, after what is under way, then tells `done` on the loop's thread. Any thread.
  void run_then(std::move_only_function<void()> done);

 private:
  struct Run {
    Task<> task;
    std::move_only_function<void()> done;
  };
  void run_now(std::move_only_function<void()> done);
  void end_run();

  Parts parts_;
  std::unique_ptr<Run> run_;
};

}  // namespace kontor
