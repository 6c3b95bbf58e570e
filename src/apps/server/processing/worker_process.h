#pragma once
// The server's side of one worker process.
#include "adapters/filesystem/files.h"
#include "base/time.h"
#include "domain/archive_report.h"

#include <memory>
#include <string>
#include <sys/types.h>

namespace kontor::processing {

struct WorkerLimits {
  Duration cpu = seconds(30);    // for one archive
  Duration wait = seconds(120);  // for one archive, whatever the worker does
};

// One thread at a time. Destroying it ends the process.
class WorkerProcess {
 public:
  // Starts `program` as a worker. unavailable where the host gives no process.
  static Result<std::unique_ptr<WorkerProcess>> start(const std::string& program);
  // The same in two steps, so that the caller can do other things while the program loads.
  static Result<std::unique_ptr<WorkerProcess>> spawn(const std::string& program);
  Result<void> wait_until_ready();
  ~WorkerProcess();
  WorkerProcess(const WorkerProcess&) = delete;

  // Blocks until the archive, read from the descriptor's place on, was inspected. invalid_archive
  // also where the worker died of it or took longer than allowed: then alive() is false.
  Result<ArchiveReport> inspect(const fs::Fd& archive, const ArchiveRequest& request,
                                const WorkerLimits& limits);
  bool alive() const { return alive_; }
  pid_t pid() const { return pid_; }
  const std::string& confinement() const { return confinement_; }  // what it said of itself

 private:
  WorkerProcess(pid_t pid, fs::Fd socket) : pid_(pid), socket_(std::move(socket)) {}
  bool wait_for_answer(const WorkerLimits& limits) const;
  Duration cpu_used() const;

  const pid_t pid_;
  fs::Fd socket_;
  std::string confinement_;
  bool alive_ = true;
};

}  // namespace kontor::processing
