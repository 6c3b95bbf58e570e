#pragma once
// What this machine has of registries, so that nothing is fetched twice and a project can be synced
// without a network:
//
//     <home>/cache/packages/sha256-<hex>/         an archive, unpacked
//     <home>/cache/packages/sha256-<hex>.json     what it is, and which log proved it
//     <home>/cache/registry/<registry>/...json    documents as they were answered last
//
// An archive lies there under its own digest and is never changed; several processes may use a
// cache at once.
#include "apps/cli/ori/desk.h"
#include "base/digest.h"

#include <string>
#include <vector>

namespace kontor::cli::ori {

struct CachedPackage {
  Sha256 digest;
  std::string name;
  std::string version;
  std::uint64_t size = 0;  // of the archive
};

// Where a release was proved to have these bytes.
struct Proof {
  std::string name;
  std::string version;
  std::string registry;  // URL
  std::string log;       // the log's origin; empty where the registry has none
  std::uint64_t index = 0;
  std::uint64_t size = 0;  // of the archive
};

class Cache {
 public:
  static Result<Cache> open(const Desk& desk);

  std::string folder_of(const Sha256& digest) const;
  bool has(const Sha256& digest) const;
  // Unpacks the archive, whose digest the caller has verified. Whole, or not there.
  Result<void> add(const Sha256& digest, ByteView archive);

  // What was said by remember() of that release of that registry, if these bytes are here.
  bool proved(const Sha256& digest, const Proof& release) const;  // by name, version, registry
  Result<void> remember(const Sha256& digest, const Proof& proof);

  std::vector<CachedPackage> list() const;  // sorted by name and version
  // checksum_mismatch naming the first file that is not what the archive's CHECKSUM says, or that
  // is not named there.
  Result<void> verify(const Sha256& digest) const;
  // The number of archives and the bytes they had.
  Result<std::pair<std::size_t, std::uint64_t>> clean();

  // `place` names the document below the registry's folder.
  Result<Json> document(const std::string& registry, const std::string& place) const;
  Result<void> keep_document(const std::string& registry, const std::string& place,
                             const Json& document);

 private:
  explicit Cache(std::string folder) : folder_(std::move(folder)) {}
  std::string document_path(const std::string& registry, const std::string& place) const;

  std::string folder_;
};

}  // namespace kontor::cli::ori
