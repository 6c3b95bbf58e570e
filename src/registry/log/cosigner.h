#pragma once
// Collects the cosignatures of witnesses for a checkpoint before it is published, so that clients
// which demand them never see one without.
#include "ports/log_records.h"
#include "ports/witness_caller.h"
#include "tlog/witness.h"

#include <functional>
#include <string>
#include <vector>

namespace kontor {

// Whether a log is published only under cosignatures: one that the policy names by its origin, or
// the public one where the policy names none; no log where it has no quorum.
bool waits_for_witnesses(const tlog::Policy& policy, LogId log, std::string_view origin);

// One log's. Tasks of one cosigner follow each other.
class Cosigner {
 public:
  // Makes the proof that the tree of the second size begins with that of the first; both sizes are
  // within the tree of the checkpoint.
  using Prove = std::function<Task<tlog::Proof>(std::uint64_t older, std::uint64_t newer)>;

  // Witnesses of the policy without an address are not asked. All outlive the cosigner.
  Cosigner(const tlog::Policy& policy, WitnessCaller& caller, const tlog::Ed25519& ed25519);

  // The checkpoint with all cosignatures that came. unavailable where they are no quorum, with what
  // each witness said: it must not be published, and is asked for again later. A witness that
  // failed the last time is asked only where the others are no quorum, and in every 16th round.
  Task<Bytes> cosign(Bytes checkpoint, tlog::Head head, Prove prove);

 private:
  struct Known {
    std::size_t place = 0;   // in policy.witnesses
    std::uint64_t size = 0;  // that it cosigned last, as far as is known
    bool failing = false;
    std::string problem;  // what it said the last time
  };
  // One checkpoint on its round.
  struct Round {
    Bytes note;
    tlog::Head head;
    std::vector<tlog::WitnessedAt> witnessed;  // without times, which no quorum asks for
  };

  Task<> ask(Round& round, Known& witness, const Prove& prove);
  // False where the witness named the size that it has cosigned.
  Task<bool> ask_once(Round& round, Known& witness, const Prove& prove);
  std::unexpected<Error> no_quorum(const Round& round) const;

  const tlog::Policy& policy_;
  WitnessCaller& caller_;
  const tlog::Ed25519& ed25519_;
  std::vector<Known> witnesses_;
  std::uint32_t rounds_ = 0;
};

}  // namespace kontor
