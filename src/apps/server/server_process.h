#pragma once
// One server: the stores, a shard for each loop, the HTTP server in front. Built once, from the
// outside in; destroyed in reverse.
#include "adapters/asio/server.h"
#include "adapters/system/shared_error_book.h"
#include "adapters/system/shared_failure_counter.h"
#include "adapters/system/shared_health_log.h"
#include "adapters/system/shared_rate_limiter.h"
#include "adapters/system/system_clock.h"
#include "adapters/system/system_entropy.h"
#include "adapters/system/thread_workers.h"
#include "apps/server/config/config.h"
#include "apps/server/data_dir.h"
#include "apps/server/log_progress.h"
#include "apps/server/log_publisher.h"
#include "apps/server/shard.h"
#include "registry/accounts.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace kontor {

class ServerProcess final {
 public:
  // Opens the stores, makes the first administrator and binds the port. Fails with a sentence for
  // the operator.
  static Result<std::unique_ptr<ServerProcess>> create(const Config& config, std::string version,
                                                       Log& log);
  ~ServerProcess();

  void start();
  std::string url() const;  // under which clients reach it
  const FirstAdmin& first_admin() const { return first_admin_; }

  // Takes over what can change while running. Fails where the TLS files cannot be used; then the
  // old certificate stays, and everything else is taken over.
  Result<void> apply(const Config& config);
  // Stops accepting, finishes what is under way within the time or until `hurried` says otherwise,
  // writes what is counted. True where nothing had to be cut.
  bool drain(Duration deadline, const std::function<bool()>& hurried);

 private:
  ServerProcess(Config config, Log& log, DataDir data, std::string version);
  Result<void> open();
  Result<void> open_logs(const std::shared_ptr<const Settings>& settings);
  Result<void> start_processors();
  Result<void> await_processors();
  Task<> keep_errors();
  Task<> share_rates();
  Result<void> listen();
  void make_chores(Shard& shard);
  Result<void> load_keys();
  Result<void> load_trusted_root();
  Result<void> prepare_accounts();

  Config config_;
  Log& log_;
  const std::string version_;
  DataDir data_;
  host::SystemClock clock_;
  host::SystemEntropy entropy_;
  host::SharedFailureCounter failures_;
  host::SharedRateLimiter rates_;
  std::unique_ptr<SecretBox> secrets_;
  std::unique_ptr<AttestationVerifier> attestations_;
  Bytes session_key_;
  host::SharedHealthLog health_;
  host::SharedErrorBook errors_;
  Metrics metrics_;
  host::ThreadWorkers disk_workers_;
  host::ThreadWorkers password_workers_;
  host::ThreadWorkers call_workers_;
  std::unique_ptr<processing::WorkerPool> processors_;  // null: none are wanted
  fs::CommitQueue blob_commits_;
  std::unique_ptr<sqlite::Database> database_;
  std::unique_ptr<signer::SignerHost> signing_;
  PublishedLogs published_;
  std::unique_ptr<LogPublisher> publisher_;
  std::vector<std::unique_ptr<Shard>> shards_;
  std::unique_ptr<Chore> collect_;      // orphaned blobs; on the first shard
  std::unique_ptr<Chore> self_check_;   // on the first shard
  std::unique_ptr<Chore> sweep_;        // on the first shard
  std::unique_ptr<Chore> scan_;         // of advisories; on the first shard
  std::unique_ptr<Chore> keep_errors_;  // on the first shard
  std::unique_ptr<Chore> share_rates_;  // on the first shard
  std::unique_ptr<Chore> sign_;         // on the first shard
  std::unique_ptr<net::Server> server_;
  FirstAdmin first_admin_;
};

}  // namespace kontor
