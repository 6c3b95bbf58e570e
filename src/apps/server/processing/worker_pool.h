#pragma once
// The worker processes of one server. Each archive has a worker to itself; one that died of an
// archive is replaced when the next archive comes.
#include "adapters/system/thread_workers.h"
#include "apps/server/log.h"
#include "apps/server/processing/worker_process.h"

#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace kontor::processing {

// Any thread.
class WorkerPool {
 public:
  struct Options {
    std::string program;  // that understands kWorkerArgument
    std::string folder;   // for archives that are too large for memory
    std::size_t workers = 2;
    WorkerLimits limits = {};
  };
  WorkerPool(Options options, Log& log);

  // Starts one worker, so that a host that allows none is known at the start; prepare() waits for
  // it. Both once, before anything else.
  Result<void> begin();
  Result<void> prepare();
  // Blocks; to be called on the threads of workers().
  Result<ArchiveReport> inspect(const fs::Fd& archive, const ArchiveRequest& request);

  Workers& threads() { return threads_; }
  const std::string& folder() const { return options_.folder; }
  // Before the loops that wait for inspections end.
  void stop();

 private:
  void tell_of(const WorkerProcess& worker);
  Result<std::unique_ptr<WorkerProcess>> take();
  void give_back(std::unique_ptr<WorkerProcess> worker);

  const Options options_;
  Log& log_;
  std::unique_ptr<WorkerProcess> first_;  // between begin() and prepare()
  std::mutex mutex_;
  std::vector<std::unique_ptr<WorkerProcess>> idle_;
  host::ThreadWorkers threads_;
};

}  // namespace kontor::processing
