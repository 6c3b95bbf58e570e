#pragma once
// Bytes that may not stay, at once and not with the next collection. Row ORI-13.
#include "base/task.h"
#include "ports/blob_inventory.h"
#include "ports/store_audit.h"

namespace kontor {

// Removes the blob unless a row names it or a writer counts on it. True where it is gone.
Task<bool> erase_blob(BlobInventory& blobs, StoreAudit& audit, Sha256 digest);

}  // namespace kontor
