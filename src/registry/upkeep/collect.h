#pragma once
// Removes blobs that no version names: the leavings of unpublishes and of publishes that failed.
#include "base/task.h"
#include "registry/upkeep/ports.h"

namespace kontor {

struct CollectOptions {
  Duration grace = hours(24);  // younger blobs stay, for whoever looks into a failed publish
  bool dry_run = false;        // only counts
};

struct Collected {
  std::uint64_t blobs = 0;    // looked at
  std::uint64_t orphans = 0;  // older than the grace period: what a dry run would have removed
  std::uint64_t orphan_bytes = 0;
  std::uint64_t young = 0;  // orphans within the grace period
  std::uint64_t removed = 0;
  std::uint64_t removed_bytes = 0;
};

// Any number of publishes may go on, and other collections; no blob is removed whose version is
// stored or about to be, whatever the clock does and however short the grace period (see
// BlobSweep). Memory: one page of 65,536 blobs. After an error some orphans are gone; the next run
// goes on.
Task<Collected> collect_orphans(UpkeepPorts ports, CollectOptions options);

}  // namespace kontor
