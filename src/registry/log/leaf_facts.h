#pragma once
// What a publisher is told of the leaf that a change has left in a log.
#include "base/digest.h"
#include "base/task.h"
#include "ports/log_store.h"

namespace kontor {

struct LeafFacts {
  LogPlace place;
  std::uint64_t tree_size = 0;  // of the committed log, which holds the leaf
  Sha256 leaf_hash;             // RFC 6962
};

// not_found where the log has no such leaf.
Task<LeafFacts> leaf_facts(LogStore& log, LogPlace place);

}  // namespace kontor
