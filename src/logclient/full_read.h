#pragma once
// Reading a whole log: every entry is hashed, and every tile compared with what the entries give.
#include "tlog/proof.h"

#include "logclient/log_source.h"

#include <cstdint>
#include <span>

namespace kontor::logclient {

class EntryVisitor {
 public:
  virtual ~EntryVisitor() = default;
  // Called for each entry in order; an error ends the reading. The view is valid during the call.
  // Nothing is verified before read_log() has succeeded.
  virtual Result<void> entry(std::uint64_t index, ByteView leaf) = 0;
};

struct FullRead {
  std::uint64_t entries = 0;
  std::uint64_t bundles = 0;
  std::uint64_t tiles = 0;
};

// Reads the entries of the log `head` describes, tells them to the visitor, and compares: all tiles
// with the entries, the root with the head, and the roots at the sizes of `earlier` (sorted by
// size, none larger than the head) with these. invalid_proof with both hashes where one differs,
// bad_request for a bundle that is none, and what the source says: a missing file is not_found with
// its path. Memory is that of one bundle and the tree's right edge.
Result<FullRead> read_log(LogSource& source, const tlog::Head& head,
                          std::span<const tlog::Head> earlier, EntryVisitor& visitor);

}  // namespace kontor::logclient
