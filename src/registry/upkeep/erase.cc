// As a collection does it, for one blob and without grace.
#include "registry/upkeep/erase.h"

namespace kontor {

Task<bool> erase_blob(BlobInventory& blobs, StoreAudit& audit, Sha256 digest) {
  const auto sweep = blobs.sweep();
  const auto unnamed = co_await audit.unreferenced({digest});
  if (unnamed.empty()) co_return false;
  co_return co_await sweep->remove(digest);
}

}  // namespace kontor
