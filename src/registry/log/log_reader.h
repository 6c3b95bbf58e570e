#pragma once
// Reading a log from its files: its checkpoint, and proofs out of its tiles. What is read is
// trusted as far as its author is: clients verify it all again.
#include "ports/log_files.h"
#include "tlog/proof.h"
#include "tlog/tile_set.h"
#include "tlog/tlog_proof.h"

#include <optional>

namespace kontor {

struct PublishedCheckpoint {
  Bytes note;  // as it is served
  tlog::Head head;
};

// Nothing before the first one was signed; storage_failed where the file is no checkpoint.
Task<std::optional<PublishedCheckpoint>> read_checkpoint(LogFiles& files, LogId log);

// A tree of `size` leaves, read from the tiles of a log that has `stored` leaves by now.
struct StoredTree {
  std::uint64_t size = 0;
  std::uint64_t stored = 0;
};

// bad_request where the numbers contradict each other, storage_failed where a tile is missing.
Task<tlog::Proof> inclusion_proof(LogFiles& files, LogId log, std::uint64_t index, StoredTree tree);
Task<tlog::Proof> consistency_proof(LogFiles& files, LogId log, std::uint64_t older,
                                    StoredTree newer);
Task<tlog::Hash> root_of(LogFiles& files, LogId log, StoredTree tree);

// The proof that anybody can check offline; nothing where the checkpoint does not cover the entry
// yet.
Task<std::optional<tlog::TlogProof>> offline_proof(LogFiles& files, LogId log, std::uint64_t index);

}  // namespace kontor
