#pragma once
// Questions about a whole metadata store and the repair of what it derives. Rows STO-07, STO-14.
#include <string>
#include <vector>

#include "base/digest.h"
#include "base/task.h"

namespace kontor {

// What contradicts itself inside a store.
struct StoreFault {
  bool derived = false;  // rebuild_derived() mends it; anything else needs a backup
  std::string text;      // one sentence, for the operator
};

// Thread: one instance belongs to one loop.
class StoreAudit {
 public:
  virtual ~StoreAudit() = default;

  // Those of `digests` that no row of any table names, in their order. Judges a state of the store
  // that holds every change handed to any instance of it before the call, answered or not. At most
  // 65,536; costs a few microseconds each, and never keeps writers waiting for long.
  virtual Task<std::vector<Sha256>> unreferenced(std::vector<Sha256> digests) = 0;

  // Reads everything; the caller's thread is busy meanwhile, so not for a loop that serves. Lists a
  // bounded number of faults of each sort. What the format alone can judge is not looked at.
  virtual Task<std::vector<StoreFault>> check() = 0;

  // Makes everything derived from other rows of the store anew: indexes, and the search index from
  // the search entries. In steps: after an error some of it is done, and nothing is lost.
  virtual Task<> rebuild_derived() = 0;
};

}  // namespace kontor
