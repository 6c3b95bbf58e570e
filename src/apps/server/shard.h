#pragma once
// Everything one event loop owns: its ports, its registry, its routes. Loops share only what
// SharedParts names, all of it safe from any thread.
#include "adapters/asio/asio_loop.h"
#include "adapters/asio/handler.h"
#include "adapters/curl/http_caller.h"
#include "adapters/filesystem/blob_inventory.h"
#include "adapters/filesystem/blob_store.h"
#include "adapters/filesystem/log_files.h"
#include "adapters/filesystem/object_names.h"
#include "adapters/sqlite/account_store.h"
#include "adapters/sqlite/advisory_store.h"
#include "adapters/sqlite/local_session.h"
#include "adapters/sqlite/log_store.h"
#include "adapters/sqlite/package_store.h"
#include "adapters/sqlite/rate_store.h"
#include "adapters/sqlite/store_audit.h"
#include "adapters/system/argon2_hasher.h"
#include "apps/server/chore.h"
#include "apps/server/log_progress.h"
#include "apps/server/loop_observer.h"
#include "apps/server/metrics.h"
#include "apps/server/processing/worker_pool.h"
#include "apps/server/signer/signer_host.h"
#include "apps/server/user_services.h"
#include "formats/npm/account_routes.h"
#include "formats/npm/package_routes.h"
#include "formats/ori/routes.h"
#include "formats/progy/routes.h"
#include "registry/advisories/routes.h"
#include "registry/answer_cache.h"
#include "registry/credential_memory.h"
#include "registry/document_cache.h"
#include "registry/download_tally.h"
#include "registry/error_routes.h"
#include "registry/gateway.h"
#include "registry/key_routes.h"
#include "registry/log/log_routes.h"
#include "registry/system_routes.h"
#include "registry/upkeep/routes.h"
#include "registry/user_routes.h"

#include <functional>
#include <memory>

namespace kontor {

// Outlives every shard.
struct SharedParts {
  sqlite::Database& database;
  fs::CommitQueue& blob_commits;
  signer::SignerHost& signing;
  std::string log_folder;
  PublishedLogs& published;
  Workers& disk_workers;
  Workers& password_workers;
  Workers& call_workers;  // wait for other services
  Clock& clock;
  Entropy& entropy;
  SecretBox& secrets;
  const AttestationVerifier* attestations;  // null: no root is trusted
  FailureCounter& failures;
  RateLimiter& rates;
  processing::WorkerPool* processors;  // null: archives are inspected on the loops
  Metrics& metrics;
  HealthLog& health;
  ErrorBook& errors;
  Log& log;
  OutsideAccounts outside;
  std::string legacy_courses;
  std::string version;
};

class Shard final : public net::Handler, public net::BlobOpener {
 public:
  // One of `loops` shards, which share the budgets for memory. Fails where the database cannot be
  // read.
  static Result<std::unique_ptr<Shard>> create(SharedParts parts,
                                               std::shared_ptr<const Settings> settings,
                                               std::size_t loops);
  ~Shard() override;

  Task<http::Response> handle(const http::Request& request, net::RequestLog& log) override;
  std::optional<http::Ready> ready(const http::Request& request, net::RequestLog& log) override;
  Result<net::SharedFd> open(const Sha256& digest) override;

  net::AsioLoop& loop() { return loop_; }
  Registry& registry() { return registry_; }
  LoopTally& tally() { return tally_; }
  LoopObserver& observer() { return observer_; }
  UpkeepPorts upkeep() { return upkeep_.ports; }
  RateStore& rate_store() { return rate_store_; }
  ReleaseSigner& signer() { return *signer_; }

  // On the loop's own thread.
  void apply(std::shared_ptr<const Settings> settings) { registry_.settings = std::move(settings); }
  void set_draining() { system_.draining = true; }
  // Asks the endpoints of this shard, and notes what they answered.
  Task<> check_self(std::vector<std::string> targets);
  // Writes what is counted.
  Chore& flush() { return flush_; }

 private:
  // The loop and the session on it come first: everything else stands on them.
  struct Ground {
    std::unique_ptr<net::AsioLoop> loop;
    std::unique_ptr<sqlite::LocalSession> session;
  };
  Shard(Ground ground, SharedParts parts, std::shared_ptr<const Settings> settings,
        std::size_t loops);
  // In the order they are asked.
  std::vector<Gateway::Mount> mounts();

  Ground ground_;
  net::AsioLoop& loop_;
  LoopTally& tally_;
  LoopObserver observer_;

  fs::CommitQueue& blob_commits_;
  sqlite::PackageStore packages_;
  sqlite::AccountStore accounts_;
  sqlite::AdvisoryStore advisories_;
  fs::BlobStore blobs_;
  fs::BlobStore archives_;  // the same blobs; commits go to Ori's place
  fs::BlobInventory inventory_;
  fs::ObjectNames names_;
  sqlite::StoreAudit audit_;
  SweepEraser eraser_{inventory_, audit_};
  host::Argon2Hasher passwords_;
  sqlite::LogStore log_store_;
  sqlite::RateStore rate_store_;
  fs::LogFolder log_files_;
  std::unique_ptr<signing::Signers> signer_;
  ShardLogProgress log_progress_;
  ReceiptService receipts_;
  CredentialMemory credentials_;
  DocumentCache documents_;
  AnswerCache answers_;
  DownloadTally downloads_;
  std::unique_ptr<PackageProcessor> processor_;
  Registry registry_;
  HealthLog& health_;
  ErrorService errors_;
  SystemService system_;
  UpkeepService upkeep_;
  LogService log_;
  KeyService keys_;
  curl::WorkerHttpCaller caller_;
  UserServices users_;
  npm::Service npm_;
  ori::Service ori_;
  progy::Service progy_;
  RouteTable<SystemService> system_routes_;
  RouteTable<ErrorService> error_routes_;
  RouteTable<Registry> user_routes_;
  RouteTable<Registry> advisory_routes_;
  RouteTable<UpkeepService> upkeep_routes_;
  RouteTable<LogService> log_routes_;
  RouteTable<KeyService> key_routes_;
  RouteTable<ori::Service> ori_routes_;
  RouteTable<progy::Service> progy_routes_;
  RouteTable<npm::Service> account_routes_;
  RouteTable<npm::Service> package_routes_;
  Gateway gateway_;
  Chore flush_;
};

}  // namespace kontor
