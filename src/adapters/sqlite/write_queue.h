#pragma once
// The one thread that writes, with group commit: commands that wait are run in one transaction and
// answered after its one COMMIT, so that the disk is synced once for many of them.
#include "adapters/sqlite/command.h"
#include "adapters/sqlite/file_connection.h"

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

namespace kontor::sqlite {

struct WriteQueueOptions {
  std::size_t max_waiting = 4096;
  std::size_t max_batch = 128;
  // The log is copied into the database when it has grown by as many pages of 4 KiB: one more sync
  // or two, spread over many commits. The log file stays near that size.
  int checkpoint_pages = 4096;
};

class WriteQueue {
 public:
  WriteQueue(std::unique_ptr<FileConnection> connection, ChangeStamps& stamps,
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
  std::unique_ptr<FileConnection> connection_;
  ChangeStamps& stamps_;
  int log_pages_ = 0;

  std::mutex mutex_;
  std::condition_variable changed_;
  Batch waiting_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace kontor::sqlite
