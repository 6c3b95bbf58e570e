#pragma once
// Publishes tarballs from files into a data directory that no server holds, by the use cases that a
// server publishes with: the same checks, the same rows, and the same order of durable steps.
#include "adapters/asio/asio_loop.h"
#include "adapters/filesystem/blob_store.h"
#include "adapters/sqlite/account_store.h"
#include "adapters/sqlite/advisory_store.h"
#include "adapters/sqlite/database.h"
#include "adapters/sqlite/local_session.h"
#include "adapters/sqlite/package_store.h"
#include "adapters/system/argon2_hasher.h"
#include "adapters/system/shared_failure_counter.h"
#include "adapters/system/shared_rate_limiter.h"
#include "adapters/system/sodium_secret_box.h"
#include "adapters/system/system_clock.h"
#include "adapters/system/system_entropy.h"
#include "adapters/system/thread_workers.h"
#include "apps/server/config/config.h"
#include "apps/server/data_dir.h"
#include "formats/npm/tarball_import.h"
#include "registry/answer_cache.h"
#include "registry/credential_memory.h"
#include "registry/document_cache.h"
#include "registry/download_tally.h"
#include "registry/local_processor.h"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace kontor::upkeep {

class Importer {
 public:
  // Files that are read at once; take() is quickest with so many.
  static constexpr std::size_t kAtOnce = 256;

  // not_found where the configured folder is no data directory or has no account `owner`,
  // `unavailable` where a server holds it or its schema is another version's.
  static Result<std::unique_ptr<Importer>> open(const Config& config, const std::string& owner);
  ~Importer();
  Importer(const Importer&) = delete;

  // What became of each file, in their order: on success it is durable, and `repeated` tells that
  // it was there already. Versions of one package are published from the lowest to the highest.
  std::vector<Result<Published>> take(std::span<const std::string> paths,
                                      std::optional<Visibility> access);

  // What other imports stand on: tasks over the registry run on the loop.
  Registry& registry() { return *registry_; }
  net::AsioLoop& loop() { return loop_; }
  const Actor& owner() const { return actor_; }

 private:
  Importer(DataDir data, const Config& config);
  Result<void> connect(const std::string& owner);
  std::vector<Result<npm::StagedTarball>> stage(std::span<const std::string> paths);

  DataDir data_;
  host::SystemClock clock_;
  host::SystemEntropy entropy_;
  host::ThreadWorkers workers_;
  fs::CommitQueue blob_commits_;
  net::AsioLoop loop_;
  std::unique_ptr<sqlite::Database> database_;
  std::unique_ptr<sqlite::LocalSession> session_;
  std::optional<sqlite::PackageStore> packages_;
  std::optional<sqlite::AccountStore> accounts_;
  std::optional<sqlite::AdvisoryStore> advisories_;
  fs::BlobStore blobs_;
  // A publish needs none of these, but a registry is not without them.
  host::Argon2Hasher passwords_;
  host::SodiumSecretBox secrets_;
  host::SharedFailureCounter failures_;
  Observer observer_;
  CredentialMemory credentials_;
  DocumentCache documents_{0};
  AnswerCache answers_;
  DownloadTally downloads_;
  LocalProcessor processor_;  // the operator chose the files
  host::SharedRateLimiter rates_;
  std::shared_ptr<const Settings> settings_;
  std::optional<Registry> registry_;
  Actor actor_;
};

}  // namespace kontor::upkeep
