#pragma once
// PackageProcessor whose inspections run in worker processes.
#include "apps/server/processing/worker_pool.h"
#include "ports/loop.h"
#include "ports/package_processor.h"

namespace kontor::processing {

// One instance a loop; the pool is shared and outlives it.
class IsolatedProcessor final : public PackageProcessor {
 public:
  IsolatedProcessor(WorkerPool& pool, Loop& home) : pool_(pool), home_(home) {}
  std::unique_ptr<ArchiveCheck> begin(ArchiveRequest request) override;

 private:
  WorkerPool& pool_;
  Loop& home_;
};

}  // namespace kontor::processing
