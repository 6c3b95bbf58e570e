#pragma once
// Publishes the logs of a server: on a thread of its own, since each round waits for the disk, and
// with a reader of its own.
#include "adapters/asio/asio_loop.h"
#include "adapters/curl/witness_caller.h"
#include "adapters/filesystem/log_files.h"
#include "adapters/sqlite/local_session.h"
#include "adapters/sqlite/log_store.h"
#include "adapters/system/sodium_ed25519.h"
#include "adapters/system/thread_workers.h"
#include "apps/server/chore.h"
#include "apps/server/log_progress.h"
#include "apps/server/signing/signers.h"
#include "registry/log/integrator.h"
#include "registry/settings.h"

#include <memory>
#include <vector>

namespace kontor {

// The witnesses in a file of the C2SP tlog-policy format, which the logs that it names wait for;
// the public log where it names none. bad_request with a sentence that names the file.
Result<tlog::Policy> read_witness_policy(const std::string& path);

class LogPublisher {
 public:
  struct Parts {
    sqlite::Database& database;
    std::string folder;
    std::unique_ptr<signing::Signers> signer;  // may block
    PublishedLogs& progress;
    Log& log;
    tlog::Policy witnesses;  // without a quorum nobody is waited for
  };
  // Picks up where the last process ended, and catches up; checkpoints that need witnesses come
  // with the first round. Fails with a sentence for the operator where store, files and keys do not
  // belong together; then nothing was signed.
  static Result<std::unique_ptr<LogPublisher>> open(Parts parts);
  ~LogPublisher() { stop(); }

  // Tells the log of keys and rules, where they are not those it told of last. Waits for the disk.
  Result<void> tell(Timestamp now, const std::shared_ptr<const Settings>& settings);
  // Publishes what was committed after each interval. Once.
  void start(Duration interval) { rounds_.repeat(interval); }
  // Ends the threads; what is committed and not published yet is so at the next start.
  void stop();

 private:
  explicit LogPublisher(Parts parts);
  Task<> open_logs();
  Task<> publish_all();
  Task<> tell_all(Timestamp now, std::shared_ptr<const Settings> settings);
  Task<Cosigner*> cosigner_of(LogId log);

  net::AsioLoop loop_;
  PublishedLogs& progress_;
  Log& log_;
  const tlog::Policy witnesses_;
  std::unique_ptr<sqlite::LocalSession> session_;
  std::unique_ptr<sqlite::LogStore> store_;
  fs::LogFolder files_;
  std::unique_ptr<signing::Signers> signer_;
  host::ThreadWorkers callers_;
  curl::HttpWitnessCaller caller_;
  host::SodiumEd25519 ed25519_;
  std::vector<std::unique_ptr<Cosigner>> cosigners_;
  std::vector<std::unique_ptr<Integrator>> logs_;
  Chore rounds_;
};

}  // namespace kontor
