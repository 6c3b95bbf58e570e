#pragma once
// The check of a whole store, over ports: every row, every blob, everything derived. Rows STO-07,
// STO-14.
#include "base/task.h"
#include "registry/upkeep/fault.h"
#include "registry/upkeep/ports.h"

#include <string_view>

namespace kontor {

struct FsckOptions {
  bool repair = false;   // makes anew what is stale, removes what uploads left; no server may run
  bool rebuild = false;  // makes everything derived anew, stale or not; implies `repair`
  bool running = false;  // uploads may be under way: what they have staged is no leftover
};

// Told while the check goes on, so that memory does not grow with what is found.
class FsckObserver {
 public:
  virtual ~FsckObserver() = default;
  virtual void found(const Fault& fault) = 0;
  // `done` of the current step: packages, then blobs.
  virtual void progress(std::string_view /*step*/, std::uint64_t /*done*/) {}
};

struct FsckSummary {
  std::uint64_t packages = 0;
  std::uint64_t versions = 0;
  std::uint64_t bytes = 0;  // of archives, hashed
  std::uint64_t blobs = 0;
  std::uint64_t damaged = 0;
  std::uint64_t stale = 0;  // and not mended
  std::uint64_t mended = 0;
  std::uint64_t orphans = 0;  // blobs that no version names
  std::uint64_t orphan_bytes = 0;
  std::uint64_t leftovers = 0;  // of uploads, not removed
  std::uint64_t leftover_bytes = 0;
};

// Reads every archive once. What is published is never changed: a wrong byte stays what it is, and
// is reported. Fails only where the store cannot be read at all or a repair cannot be written.
Task<FsckSummary> fsck(UpkeepPorts ports, FsckOptions options, FsckObserver& observer);

}  // namespace kontor
