#pragma once
// What Ori's handlers work on.
#include "ports/blob_store.h"
#include "ports/log_store.h"
#include "registry/registry.h"
#include "registry/upkeep/erase.h"

namespace kontor::ori {

struct Service {
  Registry& registry;
  LogStore& log;
  BlobStore& archives;  // where uploads go; registry.blobs reads them
  // For legal removals at once; null where a host leaves that to its collections.
  BlobEraser* eraser = nullptr;
};

}  // namespace kontor::ori
