#pragma once
// A data directory opened for a command instead of a server.
#include "adapters/asio/asio_loop.h"
#include "adapters/filesystem/blob_inventory.h"
#include "adapters/sqlite/local_session.h"
#include "adapters/sqlite/advisory_store.h"
#include "adapters/sqlite/log_store.h"
#include "adapters/sqlite/package_store.h"
#include "adapters/sqlite/store_audit.h"
#include "adapters/system/system_clock.h"
#include "adapters/system/thread_workers.h"
#include "apps/server/data_dir.h"
#include "apps/server/run_blocking.h"
#include "registry/advisories/ports.h"
#include "registry/upkeep/ports.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace kontor::upkeep {

class OpenStore {
 public:
  // not_found where `path` is no data directory; `unavailable`, with a sentence, where its schema
  // is another version's. Where no server holds the directory, it is held until this goes, and may
  // be written; otherwise it is only read, beside that server.
  static Result<std::unique_ptr<OpenStore>> open(const std::string& path);
  // For what nobody may write, a backup: nothing is held.
  static Result<std::unique_ptr<OpenStore>> open_read_only(const std::string& path);
  ~OpenStore();
  OpenStore(const OpenStore&) = delete;

  bool beside_a_server() const { return !held_; }

  // The committed leaves of its logs; for tasks that run() makes.
  LogStore& log() { return *log_; }

  // Runs a task over its advisories, judged by these settings, and waits for it.
  template <class T>
  Result<T> run_advisories(AdvisorySettings settings,
                           std::function<Task<T>(AdvisoryPorts)> make) {
    return run_blocking<T>(loop_, [make, ports = advisory_ports(std::move(settings))] {
      return make(ports);
    });
  }

  // Runs a task over the store and waits for it.
  template <class T>
  Result<T> run(std::function<Task<T>(UpkeepPorts)> make) {
    return run_blocking<T>(loop_, [this, make] { return make(ports()); });
  }

 private:
  OpenStore(const std::string& path, std::optional<DataDir> held);
  static Result<std::unique_ptr<OpenStore>> connected(const std::string& path,
                                                      std::optional<DataDir> held);
  Result<void> connect(const std::string& path);
  UpkeepPorts ports();
  AdvisoryPorts advisory_ports(AdvisorySettings settings);

  std::optional<DataDir> held_;
  host::SystemClock clock_;
  fs::CommitQueue blob_commits_;
  host::ThreadWorkers workers_;
  net::AsioLoop loop_;
  std::unique_ptr<sqlite::Database> database_;
  std::unique_ptr<sqlite::LocalSession> session_;
  std::optional<sqlite::PackageStore> packages_;
  std::optional<sqlite::StoreAudit> audit_;
  std::optional<sqlite::LogStore> log_;
  std::optional<sqlite::AdvisoryStore> advisories_;
  fs::BlobInventory blobs_;
};

}  // namespace kontor::upkeep
