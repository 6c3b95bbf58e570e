#pragma once
// Publishes the logs of a server: on a thread of its own, since each round waits for the disk, and
// with a reader of its own.
#include "adapters/asio/asio_loop.h"
#include "adapters/filesystem/log_files.h"
#include "adapters/sqlite/local_session.h"
#include "adapters/sqlite/log_store.h"
#include "apps/server/chore.h"
#include "apps/server/signing/key_ring.h"
#include "registry/log/integrator.h"

#include <memory>
#include <vector>

namespace kontor {

class LogPublisher {
 public:
  // Picks up where the last process ended, and catches up. Fails with a sentence for the operator
  // where store, files and keys do not belong together; then nothing was signed.
  static Result<std::unique_ptr<LogPublisher>> open(sqlite::Database& database,
                                                    const std::string& folder,
                                                    signing::KeyRing& keys, Log& log);
  ~LogPublisher();

  // Publishes what was committed after each interval. Once.
  void start(Duration interval) { rounds_.repeat(interval); }
  // Ends the thread; what is committed and not published yet is so at the next start.
  void stop() { loop_.stop(); }

 private:
  LogPublisher(const std::string& folder, signing::KeyRing& keys, Log& log);
  Task<> open_logs();
  Task<> publish_all();

  net::AsioLoop loop_;
  std::unique_ptr<sqlite::LocalSession> session_;
  std::unique_ptr<sqlite::LogStore> store_;
  fs::LogFolder files_;
  signing::LocalSigner signer_;
  std::vector<std::unique_ptr<Integrator>> logs_;
  Chore rounds_;
};

}  // namespace kontor
