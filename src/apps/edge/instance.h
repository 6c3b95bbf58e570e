#pragma once
// The composition of one instance of the module; read it as the list of what the edge consists of.
// An instance answers one request at a time: what it remembers between them are caches.
#include "adapters/d1/session.h"
#include "adapters/sigstore/bundle_verifier.h"
#include "adapters/sqlite/account_store.h"
#include "adapters/sqlite/advisory_store.h"
#include "adapters/sqlite/log_store.h"
#include "adapters/sqlite/package_store.h"
#include "adapters/sqlite/store_audit.h"
#include "adapters/system/sodium_secret_box.h"
#include "apps/edge/cache_plan.h"
#include "apps/edge/d1_bridge.h"
#include "apps/edge/edge_metrics.h"
#include "apps/edge/edge_signer.h"
#include "apps/edge/exchange.h"
#include "apps/edge/far_caller.h"
#include "apps/edge/far_errors.h"
#include "apps/edge/far_failures.h"
#include "apps/edge/far_health.h"
#include "apps/edge/far_progress.h"
#include "apps/edge/far_rates.h"
#include "apps/edge/kv_shelf.h"
#include "apps/edge/log_rounds.h"
#include "apps/edge/passwords.h"
#include "apps/edge/r2_blobs.h"
#include "apps/edge/r2_eraser.h"
#include "apps/edge/r2_inventory.h"
#include "apps/edge/r2_log_files.h"
#include "apps/edge/r2_names.h"
#include "apps/edge/release_signer.h"
#include "apps/server/config/config.h"
#include "apps/server/user_services.h"
#include "domain/failure_window.h"
#include "formats/npm/account_routes.h"
#include "formats/npm/package_routes.h"
#include "formats/ori/routes.h"
#include "formats/progy/routes.h"
#include "registry/advisories/routes.h"
#include "registry/answer_cache.h"
#include "registry/credential_memory.h"
#include "registry/document_cache.h"
#include "registry/download_tally.h"
#include "registry/error_body.h"
#include "registry/error_routes.h"
#include "registry/gateway.h"
#include "registry/key_routes.h"
#include "registry/local_processor.h"
#include "registry/log/log_routes.h"
#include "registry/log/receipt.h"
#include "registry/system_routes.h"
#include "registry/upkeep/routes.h"
#include "registry/user_routes.h"

namespace kontor::edge {

// Failures go to the worker's console, and the registry's own ones into the book; there are no
// counters here.
class ConsoleObserver final : public Observer {
 public:
  ConsoleObserver(ErrorBook& errors, Clock& clock) : errors_(errors), clock_(clock) {}
  void failed(std::string_view request_id, const Error& error) override;

 private:
  ErrorBook& errors_;
  Clock& clock_;
};

class Instance {
 public:
  Instance(Config config, std::string version);

  Host& host() { return host_; }
  // What a deployment does once; may be done again, and by several at once.
  Task<> start();
  // The message of the answer. `request` lives until the task has ended.
  Task<Bytes> answer(EdgeRequest& request);
  // Use, key, whether a hit is a download that must be counted, whether one says what is left of
  // the caller's allowance, tags, stale tags.
  Bytes plan(Bytes message);
  // The message of the headers that belong to an answer of the cache, or of the refusal in its
  // place; counts the answer where it is a download. `request` lives until the task has ended.
  Task<Bytes> count(EdgeRequest& request);
  // The message of the answer to a request whose instance was lost.
  Bytes lost() const;
  // In the sequencer: a round of the logs.
  Task<> publish() { return rounds_.run(); }
  // In a Durable Object of memories.h: from which one it is, its value and the question to how long
  // the next value is kept, that value, and the answer.
  Bytes remembered(ByteView message) const;
  // As answer(), of a request that the cache has answered, for what counts it; it takes nothing of
  // an allowance.
  Task<Bytes> replay(EdgeRequest& request);
  // What was counted meanwhile, written. Nothing to do where nothing was.
  Task<> settle();
  // What is to be done every minute: removes what has expired, judges versions that advisories came
  // for meanwhile, and asks the own endpoints. Tells whether a
  // version was judged. Fails where one of these does, after all of them.
  Task<Bytes> keep_up();

 private:
  // In the order they are asked.
  std::vector<Gateway::Mount> mounts();
  Task<> clean_hourly();
  Task<> fetch_for(std::string_view path);
  // What a change may need of the bucket's settings, once.
  Task<> prepare_for(http::Method method);

  const Config config_;
  const http::ProxyRules proxies_;
  Host host_;
  HostClock clock_;
  HostEntropy entropy_;
  FarErrors errors_{host_};
  ConsoleObserver observer_{errors_, clock_};
  FarHealth health_;
  EdgeMetrics metrics_{host_, health_};
  host::SodiumSecretBox secrets_;
  D1Bridge bridge_{host_};
  d1::Session session_;
  sqlite::PackageStore packages_;
  sqlite::AccountStore accounts_;
  sqlite::AdvisoryStore advisories_;
  R2Blobs blobs_{host_, entropy_}, archives_{host_, entropy_, BlobPlace::ori};
  R2Names names_{host_};
  sqlite::StoreAudit audit_;
  R2Eraser eraser_;
  R2Inventory inventory_{host_, blobs_, eraser_, clock_};
  KvShelf shelf_{host_};
  Passwords passwords_;
  FarFailures failures_{host_};
  sqlite::LogStore log_store_;
  R2LogFiles log_files_{host_};
  EdgeSigner signer_;
  EdgeReleaseSigner releases_;
  FarProgress progress_{host_};
  ReceiptService receipts_;
  CredentialMemory credentials_;
  DocumentCache documents_;
  AnswerCache answers_;
  DownloadTally downloads_;
  LocalProcessor processor_;
  FarRates rates_{host_};
  Registry registry_;
  SystemService system_;
  UpkeepService upkeep_;
  ErrorService failed_{errors_};
  LogService log_;
  LogRounds rounds_;
  FarCaller caller_{host_};
  UserServices users_;
  std::optional<sigstore::BundleVerifier> attestations_;
  npm::Service npm_;
  ori::Service ori_;
  KeyService keys_;
  progy::Service progy_;
  RouteTable<SystemService> system_routes_;
  RouteTable<UpkeepService> upkeep_routes_{"upkeep", upkeep_routes(), upkeep_, error_body};
  RouteTable<ErrorService> error_routes_;
  RouteTable<Registry> user_routes_;
  RouteTable<Registry> advisory_routes_;
  RouteTable<ori::Service> ori_routes_;
  RouteTable<KeyService> key_routes_;
  RouteTable<progy::Service> progy_routes_;
  RouteTable<LogService> log_routes_;
  RouteTable<npm::Service> account_routes_;
  RouteTable<npm::Service> package_routes_;
  Gateway gateway_;
};

}  // namespace kontor::edge
