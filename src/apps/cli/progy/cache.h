#pragma once
// Artifacts that were downloaded: ~/.progy/cache/registry/@user/slug/<version>.progy, each with
// what the registry promised of it in <version>.json beside. Row PGC-07.
#include "adapters/filesystem/files.h"
#include "apps/cli/progy/registry_api.h"

#include <vector>

namespace kontor::cli::progy {

struct CachedArtifact {
  std::string registry;
  Release release;
  std::string path;
  std::int64_t used = 0;  // when it was last asked for, seconds since 1970
};

// Several commands may use the cache at once; none loses what another one is using. When the last
// of them ends, what was used longest ago goes until the rest is within the limit.
class Cache {
 public:
  static Outcome<Cache> open(Desk& desk);
  Cache(Cache&& other) noexcept = default;
  ~Cache();

  // The path of the artifact, whose bytes are those that were promised. Downloads it where it is
  // not there; what came of a download that broke off is kept, and the next one goes on behind it.
  // checksum_mismatch names both hashes; nothing of those bytes is kept.
  Outcome<std::string> fetch(RegistryApi& api, const Release& release);

  // The version asked for, or the highest, of this registry, where its bytes are what they were
  // when it was downloaded. For when the registry cannot be reached. not_found otherwise.
  Outcome<CachedArtifact> find(const CourseSpec& spec);

  std::vector<CachedArtifact> list() const;  // by name and version
  // Waits until no other command uses the cache. Tells how many bytes it held.
  Outcome<std::uint64_t> clean();
  void remove(const CachedArtifact& artifact);

 private:
  explicit Cache(Desk& desk) : desk_(&desk) {}
  Outcome<std::string> download(RegistryApi& api, const Release& release, const std::string& path);
  Outcome<void> keep(const Release& release, const std::string& path, const std::string& part);
  void prune();

  Desk* desk_;
  std::string folder_;
  fs::Fd lock_;
};

}  // namespace kontor::cli::progy
