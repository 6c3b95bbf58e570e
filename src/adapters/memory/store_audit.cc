// A pass over all versions.
#include "adapters/memory/store_audit.h"

#include <set>

namespace kontor::memory {

Task<std::vector<Sha256>> StoreAudit::unreferenced(std::vector<Sha256> digests) {
  std::set<Sha256> named;
  for (const auto& [key, row] : database_.packages) {
    for (const auto& version : row.versions)
      if (version->standing != Standing::erased) named.insert(version->archive.sha256);
    named.insert(row.replaced.begin(), row.replaced.end());
  }
  std::erase_if(digests, [&](const Sha256& digest) { return named.contains(digest); });
  co_return digests;
}

}  // namespace kontor::memory
