#pragma once
// The one thread that writes, with group commit: commands that wait are run in one transaction and
// answered after its one COMMIT, so that the disk is synced once for many of them.
#include "adapters/sqlite/change_stamps.h"
#include "adapters/sqlite/connection.h"

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

namespace kontor::sqlite {

// One command. run() may be called several times, each time in a transaction that holds nothing of
// the earlier ones; answer() exactly once, after the last of them. Both on the writer's thread.
class Command {
 public:
  virtual ~Command() = default;
  // False where it failed; then it should have written nothing, or the whole batch is run again
  // one by one.
  virtual bool run(Connection& connection) = 0;
  // Keeps the outcome of run() where nothing is given; otherwise nothing was stored, because of
  // this.
  virtual void answer(const Error* failure) = 0;

  ChangeStamps::Place touches = ChangeStamps::kEverything;  // what it may change
};

struct WriteQueueOptions {
  std::size_t max_waiting = 4096;
  std::size_t max_batch = 128;
  // The log is copied into the database when it has grown by as many pages of 4 KiB: one more sync
  // or two, spread over many commits. The log file stays near that size.
  int checkpoint_pages = 4096;
};

class WriteQueue {
 public:
  WriteQueue(std::unique_ptr<Connection> connection, ChangeStamps& stamps,
             WriteQueueOptions options);
  ~WriteQueue() { stop(); }
  // Runs and answers what waits, then refuses all else. After it no loop is posted to any more.
  void stop();

  // Any thread. False where too many wait.
  bool submit(std::unique_ptr<Command> command);

 private:
  using Batch = std::deque<std::unique_ptr<Command>>;

  void loop();
  Batch take();
  void run_batch(Batch& batch);
  bool run_together(Batch& batch, Result<void>& outcome);
  void run_alone(Command& command);
  void checkpoint();

  const WriteQueueOptions options_;
  std::unique_ptr<Connection> connection_;
  ChangeStamps& stamps_;
  int log_pages_ = 0;

  std::mutex mutex_;
  std::condition_variable changed_;
  Batch waiting_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace kontor::sqlite
