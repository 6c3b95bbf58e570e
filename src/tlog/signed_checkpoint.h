#pragma once
// Checkpoints with their signatures: whom a client trusts, and what it learns from a checkpoint.
#include "tlog/checkpoint.h"
#include "tlog/note.h"

#include <cstdint>
#include <span>
#include <vector>

namespace kontor::tlog {

// Which signatures make a checkpoint trustworthy.
struct LogTrust {
  std::vector<NoteKey>
      log_keys;  // one of them must have signed; type ed25519, one name: the origin
  std::vector<NoteKey> witnesses;  // type cosignature
  std::size_t quorum = 0;          // how many different witnesses must have cosigned

  // log_keys, then witnesses: the keys whose places checks_of() gives.
  std::vector<NoteKey> keys() const;
};

struct WitnessedAt {
  std::size_t witness = 0;  // place in LogTrust::witnesses
  std::uint64_t time = 0;   // seconds since 1970, as the witness says
  bool operator==(const WitnessedAt&) const = default;
};

struct SignedCheckpoint {
  Checkpoint checkpoint;
  std::vector<WitnessedAt> witnessed;
};

// invalid_signature where the log has not signed, a known signature is wrong, the quorum is not met
// or the origin is not the log's name; bad_request where the text is no signed checkpoint. How old
// a cosignature may be is for the caller to say.
Result<SignedCheckpoint> open_checkpoint(ByteView note, const LogTrust& trust,
                                         const Ed25519& ed25519);

// The same from signatures that are verified already; `verified` counts places in trust.keys().
Result<SignedCheckpoint> judge_checkpoint(const Note& note, const LogTrust& trust,
                                          std::span<const VerifiedSignature> verified);

}  // namespace kontor::tlog
