#pragma once
// Keeps a signer running as a process of its own beside the server: starts it, starts it again
// whenever it has ended, and ends it.
#include "adapters/filesystem/files.h"
#include "apps/server/log.h"
#include "apps/server/signer/program.h"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <sys/types.h>
#include <thread>

namespace kontor::signer {

class Supervisor {
 public:
  // Returns once the signer answers; fails with what it said where it could not start. The signer
  // is this very program, without its environment and its files. The system kills it when the
  // calling thread ends: call it on one that lives as long as the program.
  static Result<std::unique_ptr<Supervisor>> start(Options options, Log& log);
  // Kills a signer that has not ended within some seconds by itself.
  ~Supervisor();

 private:
  struct Child {
    pid_t process = -1;
    fs::Fd life;  // the process ends when this is closed
  };
  Supervisor(Options options, Log& log) : options_(std::move(options)), log_(log) {}
  // Returns once it is ready; where it will not be, it has ended.
  Result<void> spawn();
  int reap();
  void watch();
  bool restart();

  const Options options_;
  Log& log_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  bool over_ = false;  // the thread has nothing left to do
  Child child_;
  std::thread thread_;
};

}  // namespace kontor::signer
