#pragma once
// What looking after a whole store stands on. A host makes it for the serving process and for
// commands that open a stopped one.
#include "ports/blob_inventory.h"
#include "ports/clock.h"
#include "ports/log_store.h"
#include "ports/package_store.h"
#include "ports/store_audit.h"
#include "registry/format.h"

#include <span>

namespace kontor {

struct UpkeepPorts {
  PackageStore& packages;
  BlobInventory& blobs;
  StoreAudit& audit;
  LogStore& log;
  Clock& clock;
  std::span<const Format* const> formats;
};

}  // namespace kontor
