#pragma once
// Where packages come from: registries, each believed by its transparency log alone, and the cache,
// which stands in for a registry that does not answer.
#include "apps/cli/log/session.h"
#include "apps/cli/ori/cache.h"
#include "apps/cli/ori/graph.h"
#include "apps/cli/ori/lock.h"
#include "apps/cli/ori/registry.h"

#include <map>
#include <memory>
#include <optional>
#include <string>

namespace kontor::cli::ori {

// A registry together with its logs, opened when they are needed first.
class Source {
 public:
  Source(Desk& desk, Place place);

  Registry& registry() { return registry_; }
  const std::string& url() const { return registry_.place().url; }

  // Fails with what kept the registry from answering before, so that nothing waits for it twice.
  Result<Json> get(const std::string& path);
  bool away() const { return away_.has_value(); }

  // That the log tells of the release with these bytes, and where: checksum_mismatch with both
  // hashes where it says something else, not_found where it does not tell of it. The keys of logs
  // that are met for the first time are pinned, and the user is told so.
  Result<Proof> prove(Proof release, const Sha256& digest);
  // Keeps the logs' checkpoints. To be called when everything held.
  Result<void> remember();

 private:
  Result<void> open_logs();
  Result<void> pin(const std::string& log);

  Desk& desk_;
  Registry registry_;
  std::optional<Error> away_;
  std::optional<LogSessions> logs_;
};

class Supply final : public MetadataSource {
 public:
  // `project` may be null; all outlive the supply.
  static Result<Supply> open(Desk& desk, const Project* project);

  // The registry of a package, by its scope.
  Result<Source*> source_of(const std::string& name);
  Cache& cache() { return cache_; }

  // The answer of `…/versions`, prereleases included; `yanked` asks for those too.
  Result<Json> versions(const std::string& name, bool yanked = false);
  Result<Json> metadata(const std::string& name, const std::string& version) override;

  // Has the package in the cache, proved: its digest is that of the lock, of the registry and of
  // the log. checksum_mismatch naming two of them where they differ. Without a network, what is in
  // lock and cache is enough. Gives the digest and whether it was fetched.
  struct Obtained {
    Sha256 digest;
    bool fetched = false;
  };
  Result<Obtained> obtain(const std::string& name, const Package& package, const Lock& lock);
  Result<void> remember();

 private:
  Supply(Desk& desk, const Project* project, Cache cache)
      : desk_(desk), project_(project), cache_(std::move(cache)) {}

  Result<Json> document(const std::string& name, const std::string& path, const std::string& place);
  Result<void> prove(Source& source, const Proof& release, const Sha256& digest, bool locked);
  Result<void> fetch(Source& source, const std::string& name, const Package& package,
                     const Sha256& digest);

  Desk& desk_;
  const Project* project_;
  Cache cache_;
  std::map<std::string, std::unique_ptr<Source>> sources_;  // by URL
};

// "sha256:<hex>" as metadata spells it.
std::optional<Sha256> checksum_of(const Json& metadata);

}  // namespace kontor::cli::ori
